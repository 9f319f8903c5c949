# Runs in the Containerfile, on top of a base with apt: installs the locked packages of /caisson/packages and no others.
set -eu
DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
. /caisson/slim.sh
apt-get install --yes --no-install-recommends --allow-downgrades \
	-o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 /caisson/packages/*.deb
slim_end
rm -rf /caisson
