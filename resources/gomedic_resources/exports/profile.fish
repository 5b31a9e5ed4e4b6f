# Go for every fish: /etc/fish/conf.d/go.fish, or ~/.config/fish/conf.d/go.fish. Written by gomedic.
if test -x @GOROOT@/bin/go; and not contains -- @GOROOT@/bin $PATH
    set -gx PATH @GOROOT@/bin $PATH
end
