# Sourced. While packages are installed: no daemons, no fsync (nobody keeps a half-made image), no manuals or
# translations. Undone by slim_end, because dpkg reads these settings for an image's tree as well.
mkdir -p /etc/dpkg/dpkg.cfg.d /usr/sbin
cat >/etc/dpkg/dpkg.cfg.d/caisson <<'END'
force-unsafe-io
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
path-exclude=/usr/share/info/*
path-exclude=/usr/share/lintian/*
path-exclude=/usr/share/locale/*
path-exclude=/usr/share/man/*
END
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d

slim_end() {
	rm -f /etc/dpkg/dpkg.cfg.d/caisson /usr/sbin/policy-rc.d /etc/machine-id
	rm -rf /var/cache/apt/* /var/cache/debconf/*-old /var/cache/ldconfig/* /var/lib/apt/lists/* /var/lib/dpkg/*-old
	rm -rf /var/log/* /tmp/* /root/.cache
}
