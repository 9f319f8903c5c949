/** Configurations that more than one test builds. */

/**
 * Users and files of every kind. On bookworm, whose ping has a file capability; no kernel, so that it is quick.
 * The user and the owners come from sysusers.d(5) and tmpfiles.d(5), as in a real image.
 */
export const owners: Record<string, string> = {
  "mkosi.conf": [
    "[Distribution]",
    "Distribution=debian",
    "Release=bookworm",
    "[Output]",
    "CompressOutput=no",
    "[Content]",
    "Bootable=no",
    "Hostname=owners",
    "Packages=dbus",
    "        iputils-ping",
    "        systemd",
    "",
  ].join("\n"),
  "mkosi.extra/usr/lib/sysusers.d/test.conf": 'u alice 1000 "Alice" /home/alice /bin/bash\nu daemond 400\n',
  "mkosi.extra/usr/lib/tmpfiles.d/test.conf": [
    "d /home/alice 0700 alice alice",
    "f /home/alice/note 0640 alice alice - written by tmpfiles",
    "d /var/lib/daemond 2750 daemond daemond",
    "",
  ].join("\n"),
  "mkosi.extra/etc/motd": "from mkosi.extra\n",
};
