# Goes on where bootstrap.sh ends, with the real tools: installs the same packages again, now with dpkg.
set -eu
DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND

mkdir -p /var/lib/dpkg/info /var/lib/dpkg/updates
: >/var/lib/dpkg/status
: >/var/lib/dpkg/available
# Scripts of packages call awk before alternatives are set up.
[ -e /usr/bin/awk ] || ln -s mawk /usr/bin/awk

. /caisson/slim.sh
# bootstrap.sh unpacked what slim.sh leaves out.
rm -rf /usr/share/doc/* /usr/share/info/* /usr/share/lintian/* /usr/share/locale/* /usr/share/man/*
# The order does not matter: what a script needs is there already. That is why --force-depends is right here, and
# nowhere else.
xargs dpkg --install --force-depends </caisson/base
slim_end

rm -rf /busybox
