import type { Condition } from '../model/condition.ts';
import { counted } from '../model/counted.ts';
import type { Hold } from '../model/rig.ts';
import { isCovered } from './covered.ts';
import { oneLine } from './printable.ts';
import { reasonText } from './reason.ts';
import type { AgentStatus, Bill } from './status.ts';
import type { Style } from './style.ts';
import { lengthOf, momentText } from './time.ts';

/** A hold: on what, of whom, why, since and until when, and who runs on all the same. */
export function holdCells(hold: Hold, agents: readonly AgentStatus[], now: Date): readonly string[] {
  const { target, kind, by, reason, since, until } = hold;
  const alive = agents.filter(
    ({ agent, finding }) => isCovered(hold, agent) && finding.liveness.is === 'alive',
  ).length;
  return [
    '‖',
    target === '*' ? 'the whole town' : target,
    `${kind} by ${oneLine(by, 80) || 'somebody'}: ${oneLine(reason, 120) || 'no reason given'}`,
    since === null ? '' : `since ${momentText(new Date(since), now)}`,
    until === null ? 'until somebody ends it' : `until ${momentText(new Date(until), now)}`,
    alive === 0 ? '' : `${alive} still ${alive === 1 ? 'runs' : 'run'}`,
  ];
}

/** A condition of the ledger that holds. */
export function alertCells(condition: Condition, now: Date, style: Style): readonly string[] {
  const { key, text, opened, acknowledged } = condition;
  const known = acknowledged === null ? '' : ` (acknowledged by ${acknowledged.by})`;
  return [
    style(acknowledged === null ? 'bad' : 'dim', '!'),
    key,
    `${oneLine(text, 160)}${known}`,
    `since ${momentText(new Date(opened), now)}`,
  ];
}

/** What keeps an agent from being started or woken, besides holds. */
export function brakedCells(
  { agent, brake, blocked, misprimed }: AgentStatus,
  now: Date,
): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  if (brake?.withheld) {
    const since = momentText(new Date(brake.withheld), now);
    rows.push(['◌', agent.id, reasonText('ended-by-hand'), `since ${since}`, `gt reset ${agent.id}`]);
  } else if (brake?.open) {
    const { since, waitMs } = brake.open;
    const wait = `tried once every ${lengthOf(waitMs)}`;
    rows.push([
      '◌',
      agent.id,
      `${reasonText('breaker-open')}; ${wait}`,
      `since ${momentText(new Date(since), now)}`,
      `gt reset ${agent.id}`,
    ]);
  } else if (brake !== null && brake.deaths.length > 0) {
    const deaths = `${counted(brake.deaths.length, 'death')} lately`;
    rows.push(['◌', agent.id, deaths, brake.failure === null ? '' : oneLine(brake.failure, 120)]);
  }
  if (blocked !== null) {
    const end = blocked.until === null ? '' : `until ${momentText(new Date(blocked.until), now)}`;
    const what = `${reasonText(blocked.kind)}: ${oneLine(blocked.detail, 80)}`;
    rows.push(['◌', agent.id, what, `since ${momentText(new Date(blocked.since), now)}`, end]);
  }
  if (misprimed !== null) {
    const { since, as } = misprimed;
    const what = as === null ? reasonText('misprimed') : `${reasonText('misprimed')}, but as ${as}`;
    rows.push([
      '◌',
      agent.id,
      what,
      `since ${momentText(new Date(since), now)}`,
      `gt session restart ${agent.id}`,
    ]);
  }
  return rows;
}

/** What was done to the agents today, and whether anything followed. */
export function billLines({ total, lines }: Bill): readonly string[] {
  const { starts, nudges, kills, followed } = total;
  if (starts + nudges + kills === 0) return [];
  const most = lines.slice(0, 3).map((line) => `${line.agent} ${line.starts + line.nudges + line.kills}`);
  const counts = [
    counted(starts, 'start'),
    counted(nudges, 'nudge'),
    ...(kills === 0 ? [] : [counted(kills, 'kill')]),
  ].join(', ');
  return [`today      ${counts}; ${followed} followed by a sign of life (most: ${most.join(', ')})`];
}
