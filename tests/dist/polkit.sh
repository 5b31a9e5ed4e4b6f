# polkit.sh BUNDLE: install it for all accounts on a copy of this machine's folders, and have an account that is not root
# repair a file of root's through pkexec, and take that back. Runs as root in mount and process namespaces of its own;
# a rule of polkit's lets the account stu in, and no other.
set -eu
bundle=$1
mount --make-rprivate /
stage=$(mktemp -d)
mount -t tmpfs none "$stage"
trap 'umount -l "$stage"; rmdir "$stage"' EXIT
chmod 755 "$stage"
for folder in /etc/fish /etc/polkit-1 /etc/profile.d /usr/libexec /usr/local /usr/share/polkit-1; do
  [ -d "$folder" ] || continue
  copy=$stage/$(echo "$folder" | tr / _)
  cp -a "$folder" "$copy"
  mount --bind "$copy" "$folder"
done
mkdir -p "$stage/lib"
cp -a /var/lib/dbus /var/lib/polkit-1 "$stage/lib/" 2>/dev/null || true
mount --bind "$stage/lib" /var/lib
mount -t tmpfs -o mode=755 none /opt
mount -t tmpfs -o mode=755 none /run/dbus
home=$stage/home
mkdir "$home"
cp /etc/skel/.[a-z]* "$home"
chown -R 4242:4242 "$home"
for entry in "passwd stu:x:4242:4242::$home:/bin/bash" "group stu:x:4242:"; do
  file=${entry%% *}
  { cat "/etc/$file"; echo "${entry#* }"; } >"$stage/$file"
  mount --bind "$stage/$file" "/etc/$file"
done
# A Go, and a GOROOT that is not there, set by root for all.
mkdir -p /opt/its/bin
printf '#!/bin/sh\necho go version go1.22.1 linux/amd64\n' >/opt/its/bin/go
chmod 755 /opt/its/bin/go
ill=/etc/profile.d/golang.sh
printf 'export GOROOT=/nonexistent/go\nexport PATH=$PATH:/opt/its/bin\n' >$ill

"$bundle/gomedic" install-self --system
cat > /etc/polkit-1/rules.d/00-stu.rules <<'RULE'
polkit.addRule(function(action, subject) {
  if (action.id == "io.github.gomedic.gomedic.repair" && subject.user == "stu") return polkit.Result.YES;
});
RULE
dbus-daemon --system --nofork --nopidfile 2>/dev/null &
bus=$!
until [ -S /run/dbus/system_bus_socket ]; do kill -0 $bus; sleep 0.05; done
/usr/lib/polkit-1/polkitd --no-debug >/dev/null 2>&1 &
polkit=$!
until pkaction >/dev/null 2>&1; do kill -0 $polkit; sleep 0.05; done

ask() { # UID: what pkexec answers that account
  echo '{"schema":1,"act":"undo","id":"20260101T000000.000000Z-abcdef-0","steps":[]}' |
    setpriv --reuid="$1" --regid="$1" --clear-groups env -i PATH=/usr/bin:/bin SHELL=/bin/sh \
      sh -c 'pkexec /usr/libexec/gomedic-root-helper; echo "exit code $?"' 2>/dev/null
}
echo "policy: $(pkaction --verbose --action-id io.github.gomedic.gomedic.repair | grep -c 'exec.path -> /usr/libexec/gomedic-root-helper')"
echo "stu: $(ask 4242 | tr '\n' ' ')"
echo "daemon: $(ask 1 | tr '\n' ' ')"
on_terminal() { # COMMAND: what that account does at a terminal of its own, agreeing to what it is asked
  echo y | setpriv --reuid=4242 --regid=4242 --clear-groups env -i HOME="$home" USER=stu SHELL=/bin/bash PATH=/usr/bin:/bin \
    LANG=C.UTF-8 TERM=dumb DISPLAY=:77 script -qec "$1" "$home/log" >/dev/null
}
on_terminal "/opt/gomedic/gomedic fix 'goroot-missing-dir@/nonexistent/go#at-line'" || cat "$home/log" >&2
echo "fixed: $(grep -c GOROOT $ill)"
on_terminal "/opt/gomedic/gomedic undo" || cat "$home/log" >&2
echo "taken back: $(grep -c GOROOT $ill)"
/opt/gomedic/gomedic uninstall-self
pkaction | grep -c gomedic || true
kill $polkit $bus 2>/dev/null || :  # one may go with the other
