import { cleared } from './registration.ts';

/** The unit templates, one text for each file. They are what `systemd/` has and what {@link systemd} installs. */
export const templates: Readonly<Record<string, string>> = {
  'gt-tick@.service': `# One heartbeat check of a Gas Town. The instance is the town's path, escaped: systemd-escape --path ~/gt
# \`gt schedule install\` puts this file in place, with what it found out about the town (Node, PATH, socket) in
# gt-tick@INSTANCE.service.d/town.conf, and replaces it when it is run again. Changes of yours belong in another file there.
# By hand, with \`gt\` in one of the directories of PATH below:
#   cp systemd/gt-* ~/.config/systemd/user/ && systemctl --user daemon-reload
#   systemctl --user enable --now gt-tick@INSTANCE.timer gt-tick@INSTANCE.path
#   loginctl enable-linger        without it, timers stop when you log out
[Unit]
Description=Heartbeat of the Gas Town in %f
ConditionPathExists=%f/mayor/town.json
# The agents' tmux server is a unit of its own, so nothing that ends or confines this one reaches them.
Wants=gt-tmux@%i.service
After=gt-tmux@%i.service
# Ten mails in a second are ten reasons to look, and no reason to stop looking.
StartLimitIntervalSec=0

[Service]
Type=oneshot
Environment=PATH=%h/.local/bin:/usr/local/bin:/usr/bin:/bin
UnsetEnvironment=${cleared.join(' ')} TMUX TMUX_PANE
ExecStart=:/usr/bin/env gt tick --town %f
# Another tick at work is no failure of this one.
SuccessExitStatus=75
TimeoutStartSec=120
# Should tmux ever be started by a tick after all, it must outlive the tick.
KillMode=process
# One line a minute saying that nothing happened helps nobody; what gt itself says is kept.
SyslogLevel=notice
LogLevelMax=notice
# What an unprivileged user may give up and Node can do without. Not MemoryDenyWriteExecute: Node compiles as it runs.
# Not PrivateTmp: tmux's socket is in /tmp. A notice command that needs more than this leaves (sendmail, sudo) gets it from
# a file of yours beside town.conf: [Service], then NoNewPrivileges=no LockPersonality=no RestrictNamespaces=no
# RestrictRealtime=no RestrictSUIDSGID=no RestrictAddressFamilies= SystemCallArchitectures= SystemCallFilter=, a line each.
NoNewPrivileges=yes
KeyringMode=private
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
`,
  'gt-tick@.timer': `# Calls gt-tick@INSTANCE.service every minute. Almost every call finds nothing due and ends at once.
[Unit]
Description=Every minute: heartbeat check of the Gas Town in %f

[Timer]
OnCalendar=*:0/1
AccuracySec=1s
# Several towns of one machine are not all looked at in the same second; each keeps its own.
RandomizedDelaySec=5s
FixedRandomDelay=yes

[Install]
WantedBy=timers.target
`,
  'gt-tick@.path': `# Starts gt-tick@INSTANCE.service as soon as there is mail for the town's keeper, so that a request to be cycled,
# restarted or shut down does not wait for the next minute.
[Unit]
Description=Mail for the keeper of the Gas Town in %f
ConditionPathExists=%f/mayor/town.json

[Path]
PathChanged=%f/mail/deacon/new

[Install]
WantedBy=paths.target
`,
  'gt-tmux@.service': `# The tmux server that a Gas Town's agents live in, started by the first tick that finds none. It has no sandbox, since
# agents are to do what you can do, and no tie to the tick: neither the tick's end nor its stop reaches it.
# Stopping this unit ends every agent in it. A server that runs already is left as it is, and this unit then ends at once.
[Unit]
Description=tmux server of the Gas Town in %f
ConditionPathExists=%f/mayor/town.json
StartLimitIntervalSec=0

[Service]
Type=forking
Environment=PATH=%h/.local/bin:/usr/local/bin:/usr/bin:/bin
UnsetEnvironment=${cleared.join(' ')} TMUX TMUX_PANE INVOCATION_ID JOURNAL_STREAM SYSTEMD_EXEC_PID NOTIFY_SOCKET
# A server without sessions would end at once: only one that has none yet is told to stay.
ExecStart=:/usr/bin/env ${startServer('default')}
# Shells do not end at a mere TERM.
SendSIGHUP=yes
# One agent that takes too much memory must not take the others with it.
OOMPolicy=continue
TasksMax=infinity
SyslogLevel=notice
LogLevelMax=notice
`,
};

/** The command line that starts a tmux server on this socket, as a unit has it; does nothing where one runs. */
export function startServer(socket: string, file = 'tmux'): string {
  return `${file} -u -L ${socket} start-server \\; if-shell -F '#{==:#{S:x},}' 'set-option -s exit-empty off'`;
}
