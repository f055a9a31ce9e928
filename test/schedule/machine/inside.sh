#!/bin/bash
# Runs as root in a machine of its own that systemd has booted: an ordinary user who lingers installs a town and its
# schedule, and what becomes of it is written down, one `name=value` a line. Called once in each of two boots.
set -u
facts=/proof/facts
town=/home/op/town
tick="gt-tick@$(systemd-escape --path $town).service"
server="gt-tmux@$(systemd-escape --path $town).service"

note() { printf '%s=%s\n' "$1" "$2" >>$facts; }
as() { su - op -c "export XDG_RUNTIME_DIR=/run/user/1000 PATH=/usr/local/bin:/usr/bin:/bin; $*" 2>&1; }
ours() { as "systemctl --user $*"; }
agents() { as 'tmux list-panes -a -F "#{pane_pid} #{session_name} #{pane_dead}" 2>/dev/null' | grep ' 0$'; }
pid_of() { agents | awk -v session="$1" '$2 == session { print $1 }'; }
server_pid() { as 'tmux display-message -p "#{pid}" 2>/dev/null' | grep -E '^[0-9]+$'; }
filters() { grep -E '^(NoNewPrivs|Seccomp_filters)' "/proc/$1/status" | tr -d '\t\n'; }
unit_of() { sed -n 's|^.*/\(gt-[^/]*\.service\)$|\1|p' "/proc/$1/cgroup" | sort -u | tr '\n' ' '; }
files() { find /home/op -path $town -prune -o -path '*/.local/state/gt*' -prune -o -print | sort; }

# until SECONDS COMMAND…: whether it succeeded in that time; tenths of seconds it took are in $took.
until_ok() {
  local end=$(($1 * 10)); shift
  for ((took = 0; took < end; took++)); do "$@" >/dev/null && return 0; sleep 0.1; done
  return 1
}
count_is() { [ "$(agents | wc -l)" -ge "$1" ]; }
tick_ended() { [ "$(ours show -p ActiveState --value "$tick")" = inactive ]; }
picked_up() { ! ls $town/mail/deacon/new/*.lifecycle.json >/dev/null 2>&1; }
other_deacon() { [ -n "$(pid_of gt-deacon)" ] && [ "$(pid_of gt-deacon)" != "$1" ]; }

until_ok 30 systemctl is-active --quiet user@1000.service

first_boot() {
  as "gt install $town" >/dev/null
  as "gt rig add one --town $town; gt rig add two --town $town" >/dev/null
  cp /proof/settings.json $town/settings/config.json
  files >/proof/files-before
  as "gt schedule install --town $town" >/proof/install.txt; note install $?
  as "gt schedule install --town $town --json" >/proof/again.json; note again $?

  until_ok 75 count_is 2; note timer-starts-agents $?
  until_ok 20 tick_ended; note tick-ended "$(ours show -p Result --value "$tick")"
  as "gt tick --force --town $town" >/dev/null
  until_ok 10 count_is 3
  note agents "$(agents | awk '{ print $2 }' | sort | tr '\n' ' ')"

  local before; before="$(server_pid) $(agents | sort | tr '\n' ' ')"
  local probe=/home/op/.config/systemd/user/gt-tick@.service.d
  as "mkdir $probe; printf '[Service]\nExecStartPre=/bin/sh -c \"cat /proc/self/status >/home/op/tick-status\"\n' >$probe/probe.conf; systemctl --user daemon-reload"
  ours restart "'$tick'"; ours stop "'$tick'" >/dev/null
  sleep 1
  note survives "$([ "$before" = "$(server_pid) $(agents | sort | tr '\n' ' ')" ] && echo yes || echo "$before / $(server_pid) $(agents | sort | tr '\n' ' ')")"
  as "rm -r $probe; systemctl --user daemon-reload"
  note tick-flags "$(grep -E '^(NoNewPrivs|Seccomp_filters)' /home/op/tick-status | tr -d '\t\n')"; rm -f /home/op/tick-status
  note manager-flags "$(filters "$(pgrep -u op -o -f 'systemd --user')")"
  note server-flags "$(filters "$(server_pid)")"
  note agent-flags "$(for pid in $(agents | cut -d' ' -f1); do filters "$pid"; echo; done | sort -u | tr '\n' ' ')"
  note agent-units "$(for pid in $(server_pid) $(agents | cut -d' ' -f1); do unit_of "$pid"; echo; done | sort -u | tr -d '\n')"
  note server-unit "$server "
  note agent-environment "$(for pid in $(agents | cut -d' ' -f1); do tr '\0' '\n' <"/proc/$pid/environ"; done | grep -E '^(INVOCATION_ID|JOURNAL_STREAM|NOTIFY_SOCKET|SYSTEMD_EXEC_PID|NODE_OPTIONS|NODE_EXTRA_CA_CERTS)=' | sort -u | tr '\n' ' ')"

  as "printf '{\"requesting_cycle\":true}' >$town/deacon/state.json"
  until_ok 20 tick_ended
  local old; old=$(pid_of gt-deacon)
  as "gt mail send deacon/ --town $town -s 'LIFECYCLE: deacon requesting cycle' -m 'please'" >/proof/mail.txt
  until_ok 30 picked_up; note mail-picked-up-tenths "$took"
  until_ok 20 other_deacon "$old"; note mail-answered $?
  # A pass that the power-off cuts short is finished by the next one, which is another matter.
  until_ok 20 tick_ended
  as "gt schedule status --town $town" >/proof/status.txt; note status $?
  # Cron's and launchd's quietness: only what somebody should know is in the journal.
  note journal "$(journalctl --no-pager -q -o cat "_SYSTEMD_USER_UNIT=$tick" + "USER_UNIT=$tick" | grep -v 'wait for the next pass' | head -3 | tr '\n' ' ')"
}

second_boot() {
  until_ok 75 count_is 2; note reboot-starts-agents $?
  until_ok 20 tick_ended
  note reboot-order "$(tail -n +$(($(cat /proof/events) + 1)) $town/daemon/events.jsonl | sed -n 's/.*"kind":"start","agent":"\([^"]*\)".*/\1/p' | tr '\n' ' ')"
  note reboot-units "$(for pid in $(server_pid) $(agents | cut -d' ' -f1); do unit_of "$pid"; echo; done | sort -u | tr -d '\n')"
  local before; before=$(agents | sort | tr '\n' ' ')
  as "gt schedule uninstall --town $town" >/proof/uninstall.txt; note uninstall $?
  files >/proof/files-after
  note left "$(diff /proof/files-before /proof/files-after | tr '\n' ' ')"
  note left-units "$(ours list-unit-files --no-legend "'gt-*'" | tr '\n' ' ')$(ours list-timers --all --no-legend | tr '\n' ' ')"
  note agents-go-on "$([ "$before" = "$(agents | sort | tr '\n' ' ')" ] && echo yes || echo no)"
  as "gt schedule uninstall --town $town" >/dev/null; note uninstall-again $?
}

if [ ! -e /proof/booted ]; then
  touch /proof/booted
  first_boot
  wc -l <$town/daemon/events.jsonl >/proof/events
else
  second_boot
fi
note done yes
