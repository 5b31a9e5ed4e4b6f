#!/bin/sh
# Puts a Go on PATH, then becomes the command it is given. Written by gomedic.
set -eu

is_root() { [ -f "$1/bin/go" ] && [ -x "$1/bin/go" ]; }

root_of_go_on_path() {
    command -v go >/dev/null 2>&1 || return 0
    (unset GOROOT && GOTOOLCHAIN=local GOENV=off GOFLAGS='' go env GOROOT 2>/dev/null) || :
}

find_root() {
    for place in "${GOROOT:-}" @GOROOT@ "$(root_of_go_on_path)" /usr/local/go /usr/lib/go /usr/lib/golang /opt/go; do
        if [ -n "$place" ] && is_root "$place"; then
            printf '%s\n' "$place"
            return 0
        fi
    done
    return 1
}

if [ -n "${GOROOT:-}" ] && ! is_root "$GOROOT"; then
    echo "go-entrypoint: there is no Go in GOROOT=$GOROOT, so GOROOT is taken away" >&2
    unset GOROOT
fi
PATH="${PATH:-@SYSTEM_PATH@}"
if root=$(find_root); then
    [ "$(command -v go)" = "$root/bin/go" ] || PATH="$root/bin:$PATH"
else
    echo "go-entrypoint: no Go was found; PATH=$PATH" >&2
fi
export PATH
@SETTINGS@
[ "$#" -gt 0 ] || set -- /bin/sh
exec "$@"
