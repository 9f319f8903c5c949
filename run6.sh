cd /t; export LC_ALL=C.UTF-8
debugfs -R "ls -p /" ext.img 2>/dev/null | cat -v
printf 'ls -p <2>\nea_list <13>\nstat <13>\n' > cmds; debugfs -f cmds ext.img 2>/dev/null | cat -v | head -60
sfdisk --help | grep -i sector
mkdir -p xa; debugfs -R 'ea_list "/a dir/f"' ext.img; debugfs -R 'ea_get -f /t/xa/acl "/a dir/f" system.posix_acl_access' ext.img; xxd xa/acl | head
