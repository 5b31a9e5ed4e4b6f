# A machine with busybox and musl alone, laid out as Alpine Linux lays it out: no glibc, no bash, ash from /etc/profile.
cd "$ROOT"
find . -xdev \( -name 'libc.so*' -o -name 'ld-linux*' -o -name '*-linux-gnu' \) -prune -exec rm -rf {} +
rm -rf usr/share/doc usr/share/man var/lib/dpkg var/cache/apt etc/apt etc/init.d lib64 usr/lib64
mkdir -p usr/bin usr/sbin etc/profile.d root home dev proc sys tmp run usr/local/bin usr/local/sbin var/tmp
for part in bin sbin lib; do [ -e "$part" ] || ln -s "usr/$part" "$part"; done
busybox=$(find . -xdev -type f -perm -111 -name busybox | head -n1)
[ "$busybox" = ./usr/bin/busybox ] || mv "$busybox" usr/bin/busybox
for word in $(usr/bin/busybox --list); do
  [ -e "usr/bin/$word" ] || ln -s busybox "usr/bin/$word"
done
mkdir -p etc/ssl/certs; cat usr/share/ca-certificates/mozilla/*.crt > etc/ssl/certs/ca-certificates.crt
printf '%s\n' 'root:x:0:0:root:/root:/bin/ash' 'nobody:x:65534:65534:nobody:/:/sbin/nologin' > etc/passwd
printf '%s\n' 'root:x:0:' 'nogroup:x:65534:' > etc/group
printf '%s\n' 'root:*::0:::::' > etc/shadow
printf '%s\n' /bin/sh /bin/ash > etc/shells
printf '%s\n' 'NAME="Alpine Linux"' 'ID=alpine' 'VERSION_ID=3.22.0' 'PRETTY_NAME="Alpine Linux v3.22"' > etc/os-release
cat > etc/profile <<'PROFILE'
append_path () {
	case ":$PATH:" in
		*:"$1":*)
			;;
		*)
			PATH="${PATH:+$PATH:}$1"
			;;
	esac
}

append_path "/usr/local/sbin"
append_path "/usr/local/bin"
append_path "/usr/sbin"
append_path "/usr/bin"
append_path "/sbin"
append_path "/bin"
unset -f append_path

export PATH
export PAGER=less
umask 022

if [ -n "$BASH_VERSION" -o "$BB_ASH_VERSION" ]; then
	PS1='\h:\w\$ '
fi

for script in /etc/profile.d/*.sh ; do
	if [ -r "$script" ] ; then
		. "$script"
	fi
done
unset script
PROFILE
