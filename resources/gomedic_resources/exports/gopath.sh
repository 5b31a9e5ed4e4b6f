if [ -z "${GOPATH:-}" ]@IF_HOME@; then
    GOPATH=@GOPATH@
    export GOPATH
fi
if [ -n "${GOPATH:-}" ]; then
    case ":${PATH:-}:" in
    *":${GOPATH%%:*}/bin:"*) ;;
    *) PATH="${PATH:-@SYSTEM_PATH@}:${GOPATH%%:*}/bin" ;;
    esac
    export PATH
fi
