#!/bin/bash
# Runs as root in namespaces of its own: lays a writable layer over this computer's own root, lets Debian's cron run in
# there in the foreground, and an ordinary user install a town and its schedule. What becomes of it is written down, one
# `name=value` a line. Arguments: an empty directory, the built gt, Node.
set -u
dir=$1 gt=$2 node=$3
mount --make-rprivate / && mount -t tmpfs tmpfs "$dir" || exit 9
mkdir "$dir/up" "$dir/work" "$dir/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$dir/up,workdir=$dir/work" "$dir/root" || exit 9
root=$dir/root
mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || exit 9
mount -t tmpfs tmpfs "$root/run" && mount -t tmpfs -o mode=1777 tmpfs "$root/tmp" || exit 9
mkdir -p "$root/opt/gt" && mount --bind "$gt" "$root/opt/gt" || exit 9
touch "$root/opt/node" && mount --bind "$node" "$root/opt/node" || exit 9

# Debian's crontab -l shows carriage returns as \r; what it has is in its directory, after three lines of its own.
cat >"$root/inside" <<'INSIDE'
set -u
note() { printf '%s=%s\n' "$1" "$2" >&3; }
as() { su op -s /bin/sh -c "cd; export HOME=/home/op PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8; unset NODE_EXTRA_CA_CERTS NODE_OPTIONS TMUX; $*"; }
until_ok() {
  local end=$(($1 * 10)); shift
  for ((took = 0; took < end; took++)); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done
  return 1
}
deacon() { as 'tmux list-panes -a -F "#{session_name} #{pane_dead} #{pane_pid}"' 2>/dev/null | sed -n 's/^gt-deacon 0 //p'; }
alive() { [ -n "$(deacon)" ]; }
ended() { [ -s /home/op/town/daemon/run.json ] && [ ! -e /home/op/town/daemon/tick.lock ]; }
other() { alive && [ "$(deacon)" != "$1" ]; }

table() { sed '1,3{/^# /d}' /var/spool/cron/crontabs/op; }

useradd --create-home --shell /bin/sh op
rm -rf /etc/cron.d /var/spool/cron/crontabs/*
mkdir /etc/cron.d; : >/etc/crontab
printf '#!/bin/sh\nexec /opt/node /opt/gt/gt.cjs "$@"\n' >/usr/local/bin/gt; chmod 755 /usr/local/bin/gt
printf '#!/bin/sh\n(cat; echo "=== end") >>/tmp/mail; chmod 666 /tmp/mail\n' >/usr/sbin/sendmail; chmod 755 /usr/sbin/sendmail
cron -f -L 15 &

printf 'A=mine\r\nSHELL=/bin/sh\n* * * * * echo from-the-user \\%%\n# caf\351 in Latin-1\n\n1 1 1 1 *\ttrue\r\n' >/tmp/mine
as 'crontab /tmp/mine' || note crontab failed
as 'gt install ~/town' >/dev/null
cat >/home/op/town/settings/config.json <<'SETTINGS'
{"type":"town-settings","version":1,"default_agent":"stand-in","agents":{"stand-in":{"command":"/opt/node",
"args":["/opt/gt/stand-in.cjs","--every","3600000","--log-dir","/tmp"],"process_names":["stand-in"],"prompt":"none","composer":["❯"]}},
"tick":{"tiers":[{"interval":"1m"}]}}
SETTINGS
as 'gt schedule install --town ~/town' 2>&1 | sed 's/^/install: /' >&2; note install "${PIPESTATUS[0]}"
table >/tmp/with; note foreign-first "$(head -c "$(stat -c %s /tmp/mine)" /tmp/with | cmp - /tmp/mine && echo same)"
as 'gt schedule install --town ~/town' >/dev/null; table | cmp -s - /tmp/with; note idempotent $?

until_ok 75 alive; note started $?
# A pass looks after what it started before it ends; who dies under its eyes is another matter.
until_ok 30 ended
killed=$(deacon); kill -9 "$killed"
until_ok 135 other "$killed"; note back $?
sleep 2
as 'gt schedule status --town ~/town' 2>&1 | sed 's/^/status: /' >&2; note status "${PIPESTATUS[0]}"
note user-mails "$(grep -c '^from-the-user %$' /tmp/mail)"
grep -v -e from-the-user -e '^[A-Z]' /tmp/mail >&2
note other-mails "$(grep '^Subject:' /tmp/mail | grep -vc 'echo from-the-user')"

as 'gt schedule uninstall --town ~/town' >/dev/null; note uninstall $?
table | cmp - /tmp/mine >&2; note restored "$?"
note agents-go-on "$(alive && echo yes)"

# Debian's crontab takes no table whose last line has no end, but one may be there.
printf '5 5 * * * true' >/tmp/open; cp /tmp/open /var/spool/cron/crontabs/op; chown op:crontab /var/spool/cron/crontabs/op; chmod 600 /var/spool/cron/crontabs/op
as 'gt schedule install --town ~/town && gt schedule uninstall --town ~/town' >/dev/null
table >/tmp/open-after; printf '\n' | cat /tmp/open - | cmp - /tmp/open-after >&2; note open-end "$?"
as 'crontab -r; gt schedule install --town ~/town; gt schedule uninstall --town ~/town' >/dev/null
note none-again "$(as 'crontab -l' 2>&1)"
as 'tmux kill-server'
note done yes
INSIDE
exec chroot "$root" /bin/bash /inside 3>&1 1>&2
