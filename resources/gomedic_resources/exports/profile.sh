# Go for every login shell: /etc/profile.d/go.sh, mode 0644. Written by gomedic.
gomedic_root=@GOROOT@
if [ -x "$gomedic_root/bin/go" ]; then
    case ":${PATH:-}:" in
    *":$gomedic_root/bin:"*) ;;
    *) PATH="$gomedic_root/bin:${PATH:-@SYSTEM_PATH@}" ;;
    esac
    export PATH
fi
unset gomedic_root
@SETTINGS@
