# Runs in a container that holds nothing but /busybox/busybox, and unpacks a Debian base system there, so that dpkg can
# run at all. /caisson/base lists the package files, one per line; every one was verified by the host.
set -eu

# Debian's busybox runs its own applets before anything in PATH: no other command is needed until every library is there.
# base-files brings the links of a merged /usr.
while read -r file; do
	dpkg-deb -x "$file" /
done </caisson/base

exec /usr/bin/env -i PATH=/usr/sbin:/usr/bin /bin/sh /caisson/base.sh
