if [ -z "${GOPROXY:-}" ]; then
    GOPROXY=@GOPROXY@
    export GOPROXY
fi
