import type { HookedWork } from '../model/snapshot.ts';
import { livenessText } from './liveness.ts';
import { oneLine } from './printable.ts';
import { reasonText } from './reason.ts';
import { type AgentStatus, type Heartbeat, isUnwell, type TownStatus } from './status.ts';
import { alertCells, billLines, brakedCells, holdCells } from './status-cells.ts';
import type { Style, Tone } from './style.ts';
import { table } from './table.ts';
import { lengthOf, momentText } from './time.ts';

/** How many names one line lists before it only counts. */
const namesShown = 8;

/** The town on one screen: the heartbeat first, then who is not well, then what comes next. */
export function statusText(status: TownStatus, style: Style): string {
  const { observedAt: now, agents, troubles, actions } = status;
  const unwell = agents.filter(isUnwell);
  const alive = agents.filter(({ finding }) => finding.liveness.is === 'alive');
  const others = agents.filter(
    (one) =>
      !isUnwell(one) &&
      one.hold === null &&
      ['dead', 'shell', 'foreign', 'unknown'].includes(one.finding.liveness.is),
  );
  const lines = [
    `${style('bold', status.name)}  ${style('dim', status.root)}`,
    heartbeatLine(status.heartbeat, now, style),
    ...(status.heartbeat.atWork === null ? [] : [`at work    ${status.heartbeat.atWork}`]),
    ...troubles.map((trouble) => `${style('warn', 'trouble')}    ${trouble}`),
    ...section('not well', [
      ...[...unwell, ...others].map((one) => unwellCells(one, now, style)),
      ...firstOf(status.nobodys.map((one) => nobodysCells(one, style))),
    ]),
    ...section('holds', firstOf(status.holds.map((hold) => holdCells(hold, agents, now)))),
    ...section('alerts', firstOf(status.conditions.map((one) => alertCells(one, now, style)))),
    ...section('braked', firstOf(agents.flatMap((one) => brakedCells(one, now)))),
    `alive      ${alive.length === 0 ? 'nobody' : `${alive.length}: ${listed(alive)}`}`,
    ...mailLines(status.overseerMail),
    ...section(
      'put off',
      [...agents.map((one) => putOffCells(one, now)), ...unsaid(status)].filter((cells) => cells.length > 0),
    ),
    ...billLines(status.bill),
    ...section(
      'next pass',
      actions.map(({ kind, agent, why }) => [style('bold', '·'), kind, agent, reasonText(why)]),
    ),
    ...waitingLines(status, now),
    ...(unwell.length + troubles.length === 0 ? [] : [style('dim', 'why in detail: gt why AGENT')]),
  ];
  return `${lines.join('\n')}\n`;
}

function heartbeatLine({ last, late, nextDueAt }: Heartbeat, now: Date, style: Style): string {
  const next =
    nextDueAt === null || nextDueAt <= now ? 'next: due now' : `next ${momentText(nextDueAt, now)}`;
  if (last === null || last.finished_at === null) {
    return `heartbeat  ${style('bad', 'none yet')}: no pass has run here; let cron or a timer run gt tick every minute`;
  }
  const verdict = last.exit === 0 ? 'in order' : `exit status ${last.exit}`;
  const when = `last pass ${momentText(new Date(last.finished_at), now)} (${verdict})`;
  if (!late) return `heartbeat  ${style(last.exit === 0 ? 'good' : 'warn', 'on time')}: ${when}; ${next}`;
  const interval = lengthOf((last.interval_seconds ?? 0) * 1000);
  return `heartbeat  ${style('bad', 'LATE')}: ${when}, though one is due every ${interval}; is gt tick in your crontab or timer?`;
}

/** What waits for people. That the store does not answer is among the troubles. */
function mailLines(count: number | null): readonly string[] {
  if (count === 0) return [];
  const waits = count === null ? 'unknown whether any waits' : `${count} unread`;
  return [`mail       ${waits} for the overseer: gt mail inbox overseer`];
}

function section(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : [title, ...table(rows).map((line) => `  ${line}`)];
}

function unwellCells(
  { agent, finding, since, neglected }: AgentStatus,
  now: Date,
  style: Style,
): readonly string[] {
  const { liveness } = finding;
  const [mark, tone]: readonly [string, Tone] = ['unknown', 'foreign'].includes(liveness.is)
    ? ['?', 'warn']
    : ['✗', 'bad'];
  return [
    style(tone, mark),
    agent.id,
    livenessText(finding),
    since === null ? '' : `since ${momentText(new Date(since), now)}`,
    ...(neglected === null ? [] : [neglectedText(neglected)]),
  ];
}

function neglectedText({ work, parked }: NonNullable<AgentStatus['neglected']>): string {
  return parked
    ? `work ${oneLine(work, 80)} on its hook is parked`
    : `work ${oneLine(work, 80)} on its hook, and nobody keeps it running`;
}

function nobodysCells({ id, agent }: HookedWork, style: Style): readonly string[] {
  return [
    style('bad', '✗'),
    oneLine(agent, 80),
    'no agent of this town',
    '',
    `work ${oneLine(id, 80)} on its hook`,
  ];
}

/** Messages that could not be delivered yet, and what stands in their way (design/failures.md F35, F40). */
function putOffCells({ agent, deferrals }: AgentStatus, now: Date): readonly string[] {
  if (deferrals === null) return [];
  const { count, reason, since } = deferrals;
  return ['…', agent.id, `${count}×`, reasonText(reason), `since ${momentText(new Date(since), now)}`];
}

/** A wake mail of the last pass was sent, and nothing could be said in the agent's pane. */
function unsaid({ heartbeat }: TownStatus): readonly (readonly string[])[] {
  const mails = (heartbeat.last?.actions ?? []).filter(
    ({ kind, error }) => kind === 'mail' && error !== null,
  );
  return mails.map(({ agent, error }) => ['…', agent, '1×', error ?? '', 'in the last pass']);
}

/** The rules' appointments, soonest first: only what somebody may be waiting for. */
function waitingLines({ notes, observedAt: now }: TownStatus, at: Date): readonly string[] {
  const upcoming = notes
    .filter(({ rule, until }) => until !== undefined && rule !== 'held' && Date.parse(until) > now.getTime())
    .filter(({ why }) => why !== 'fresh')
    .map(({ agent, why, until = '' }) => [agent, reasonText(why), momentText(new Date(until), at)]);
  return section('waiting', upcoming.slice(0, namesShown));
}

function firstOf(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const more = rows.length - namesShown;
  return more <= 0 ? rows : [...rows.slice(0, namesShown), ['…', `and ${more} more`]];
}

function listed(agents: readonly AgentStatus[]): string {
  const names = agents.slice(0, namesShown).map(({ agent }) => agent.id);
  return agents.length <= namesShown
    ? names.join(', ')
    : `${names.join(', ')} and ${agents.length - namesShown} more`;
}
