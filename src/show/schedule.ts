import type { PassReport } from '../model/pass-report.ts';
import type { Installed, ScheduleProblem } from '../model/schedule.ts';
import { scheduleProblems } from '../town/schedule-problems.ts';
import { shellWord } from '../town/shell-word.ts';
import { isLate } from './status.ts';
import type { Style } from './style.ts';
import { lengthOf, momentText } from './time.ts';

/** Everything `gt schedule status` tells. */
export interface ScheduleStanding {
  readonly town: string;
  readonly now: Date;
  /** One is as it should be; none: nobody calls; several: one too many. */
  readonly installed: readonly Installed[];
  /** The last pass; null: none yet, or its report cannot be read. */
  readonly last: PassReport | null;
  /** Why the report of the last pass cannot be read, which is not to say that there was none; null: it can, or there is none. */
  readonly unread: string | null;
  /** Whose town it is, where it is not the caller's; only the owner sees the owner's schedule. */
  readonly owner: string | null;
  /** When the scheduler calls next; null: nobody knows. */
  readonly nextCallAt: Date | null;
  /** When a heartbeat is due; null: at the next call. */
  readonly nextDueAt: Date | null;
}

/** `new`: installed, and no heartbeat yet. */
export type ScheduleHealth = 'working' | 'new' | 'faulty' | 'missing' | 'late';

/** How a schedule is, on the whole. Late outweighs the rest: whatever the cause, the heartbeat does not come (F66). */
export function scheduleHealth(standing: ScheduleStanding): ScheduleHealth {
  const { installed, last, unread, now } = standing;
  if (last !== null && isLate(last, now)) return 'late';
  if (installed.length === 0) return 'missing';
  if (installed.length > 1 || problemsOf(standing).length > 0 || unread !== null) return 'faulty';
  return last === null ? 'new' : 'working';
}

/** Heartbeats come, whoever calls. */
function beats({ last, now }: ScheduleStanding): boolean {
  return last !== null && !isLate(last, now);
}

/** Of somebody else's town only the registrations are judged that can be seen. */
function problemsOf(standing: ScheduleStanding): readonly ScheduleProblem[] {
  const { installed, town, owner } = standing;
  return scheduleProblems(installed, beats(standing) || owner !== null, town);
}

/** The schedule on one screen. */
export function scheduleText(standing: ScheduleStanding, style: Style): string {
  const { town, now, installed, nextCallAt, nextDueAt } = standing;
  const rows = installed.flatMap(({ scheduler, where, command, everyMs, active, lastResult }) => [
    `${style(active === false ? 'bad' : 'good', active === false ? '✗' : '●')} ${scheduler} calls gt tick ${everyMs === null ? 'at times that could not be read' : everyText(everyMs)}`,
    ...where.map((place) => `    in ${place}`),
    `    calls ${command.map(shellWord).join(' ')}`,
    ...(lastResult === null ? [] : [`    last call: ${lastResult}`]),
  ]);
  const lines = [
    `${style('bold', 'schedule')}  ${town}`,
    ...(rows.length === 0 ? strangers(standing, style) : rows),
    lastLine(standing, style),
    ...(nextCallAt === null
      ? []
      : [`  next call ${momentText(nextCallAt, now)}; ${dueText(nextDueAt, now)}`]),
    ...problemLines(problemsOf(standing), style),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same for programs. */
export function scheduleDocument(standing: ScheduleStanding): object {
  const { town, now, installed, last, unread, nextCallAt, nextDueAt } = standing;
  return {
    schema: 'gt.schedule-status/1',
    town,
    health: scheduleHealth(standing),
    late: last !== null && isLate(last, now),
    installed: installed.map(({ scheduler, where, command, everyMs, active, lastResult }) => ({
      scheduler,
      where,
      command,
      every_seconds: everyMs === null ? null : everyMs / 1000,
      active,
      last_result: lastResult,
    })),
    last_heartbeat:
      last === null
        ? null
        : { pass: last.pass, started_at: last.started_at, finished_at: last.finished_at, exit: last.exit },
    last_heartbeat_unread: unread,
    next_call_at: nextCallAt?.toISOString() ?? null,
    next_due_at: nextDueAt?.toISOString() ?? null,
    problems: problemsOf(standing).map(({ code, message, hint }) => ({ code, message, hint })),
  };
}

/** `every minute`, `every 5 min`. */
export function everyText(ms: number): string {
  return ms === 60_000 ? 'every minute' : `every ${lengthOf(ms)}`;
}

/** One line for each problem, with the command that puts it right. */
export function problemLines(problems: readonly ScheduleProblem[], style: Style): readonly string[] {
  return problems.map(
    ({ message, hint, stops }) =>
      `${style(stops ? 'bad' : 'warn', stops ? '✗' : '!')} ${message}${hint === null ? '' : `\n    ${hint}`}`,
  );
}

/** Where no registration is seen, and yet that says nothing of whether somebody calls. */
function strangers(standing: ScheduleStanding, style: Style): readonly string[] {
  const { town, owner } = standing;
  if (owner !== null)
    return [
      `${style('bad', '○')} nobody calls gt tick in your name; the town belongs to the user ${owner}, whose own schedule you cannot see: sudo -u ${shellWord(owner)} gt schedule status --town ${shellWord(town)}`,
    ];
  return beats(standing)
    ? [
        `${style('warn', '○')} none of ours; somebody else calls\n    gt schedule install --town ${shellWord(town)}`,
      ]
    : [];
}

function lastLine(standing: ScheduleStanding, style: Style): string {
  const { last, unread, now } = standing;
  if (unread !== null)
    return `  ${style('warn', '?')} the report of the last heartbeat cannot be read: ${unread}`;
  if (last === null || last.finished_at === null) return `  ${style('warn', 'no heartbeat yet')}`;
  const verdict = last.exit === 0 ? 'in order' : `exit status ${last.exit}`;
  const when = `last heartbeat ${momentText(new Date(last.finished_at), now)} (${verdict})`;
  if (scheduleHealth(standing) !== 'late') return `  ${when}`;
  return `  ${style('bad', 'LATE')}: ${when}, though one is due every ${lengthOf((last.interval_seconds ?? 0) * 1000)}`;
}

function dueText(at: Date | null, now: Date): string {
  return at === null || at <= now ? 'a heartbeat is due then' : `next heartbeat due ${momentText(at, now)}`;
}
