import { everyText, type ScheduleStanding, scheduleHealth } from './schedule.ts';
import type { Style } from './style.ts';
import { momentText } from './time.ts';

/** What `gt daemon status` tells: of a daemon that is none. */
export interface DaemonStanding {
  readonly schedule: ScheduleStanding;
  readonly lastHeartbeat: Date | null;
  readonly heartbeats: number;
}

/** Somebody calls, and the heartbeat comes. */
function isRunning({ schedule }: DaemonStanding): boolean {
  const called = schedule.installed.some(
    ({ active, problems }) => active !== false && !problems.some(({ stops }) => stops),
  );
  return called && scheduleHealth(schedule) !== 'late';
}

export function daemonText(standing: DaemonStanding, style: Style): string {
  const { schedule, lastHeartbeat, heartbeats } = standing;
  const { installed, now, nextDueAt } = schedule;
  const [first] = installed;
  const due = first === undefined ? 'due, as soon as somebody calls' : 'at the next call';
  const beats = [
    `  Last heartbeat: ${lastHeartbeat === null ? 'none yet' : `${momentText(lastHeartbeat, now)} (#${heartbeats})`}`,
    `  Next heartbeat: ${nextDueAt === null || nextDueAt <= now ? due : momentText(nextDueAt, now)}`,
  ];
  if (first === undefined) {
    const lines = [
      `${style('dim', '○')} Daemon is not running`,
      '  No process is resident, and nothing that you can see calls gt tick',
      ...beats,
      '',
      'Start with: gt daemon start',
    ];
    return `${lines.join('\n')}\n`;
  }
  const calls =
    `${first.scheduler} calls gt tick ${first.everyMs === null ? '' : everyText(first.everyMs)}`.trimEnd();
  const lines = [
    isRunning(standing)
      ? `${style('good', '●')} Daemon is running: ${calls}; no process is resident`
      : `${style('bad', '○')} Daemon is not running as it should: ${calls}, but the heartbeat does not come; no process is resident`,
    ...beats,
    ...(isRunning(standing) ? [] : ['', 'See: gt schedule status']),
  ];
  return `${lines.join('\n')}\n`;
}

export function daemonDocument(standing: DaemonStanding): object {
  const { schedule, lastHeartbeat, heartbeats } = standing;
  return {
    schema: 'gt.daemon-status/1',
    town: schedule.town,
    running: isRunning(standing),
    resident: false,
    pid: null,
    scheduler: schedule.installed[0]?.scheduler ?? null,
    last_heartbeat: lastHeartbeat?.toISOString() ?? null,
    heartbeat_count: heartbeats,
    late: scheduleHealth(schedule) === 'late',
    next_due_at: schedule.nextDueAt?.toISOString() ?? null,
  };
}
