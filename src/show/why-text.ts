import { counted } from '../model/counted.ts';
import type { Action, Note } from '../model/plan.ts';
import { conditionLines } from './alerts.ts';
import { livenessText } from './liveness.ts';
import { oneLine } from './printable.ts';
import { evidenceText, reasonText } from './reason.ts';
import type { Style } from './style.ts';
import { lengthOf, momentText } from './time.ts';
import type { Explanation } from './why.ts';

/** One agent explained: how it is, what holds it, what the last pass did and did not do, and what comes next. */
export function whyText(one: Explanation, style: Style): string {
  const { finding, now, troubles } = one;
  const lines = [
    `${style('bold', finding.agent)}  ${style('dim', `session ${finding.session}`)}`,
    field('found', foundText(one)),
    field(
      'wanted',
      finding.wanted ? 'yes: the tick keeps it running' : 'no: the tick does not start it by itself',
    ),
    ...troubles.map((text) => field('trouble', style('warn', text))),
    ...holdLines(one),
    ...memoryLines(one),
    ...workLines(one),
    ...workspaceLines(one),
    ...lastLines(one),
    ...nextLines(one),
    ...one.conditions.flatMap((condition) => conditionLines(condition, now, style)),
  ];
  return `${lines.join('\n')}\n`;
}

function field(name: string, text: string): string {
  return `${name.padEnd(10)} ${text}`;
}

function foundText({ finding, memory, now, program }: Explanation): string {
  const { started, troubleSince } = memory;
  const alive = finding.liveness.is === 'alive';
  const since = alive ? (started?.at ?? null) : troubleSince;
  const place = alive ? `, pid ${finding.liveness.panePid} in pane ${finding.liveness.pane}` : '';
  const missing =
    program !== null && program.found === null ? `; its program ${program.program} is not installed` : '';
  return `${livenessText(finding)}${place}${since === null ? '' : `, since ${momentText(new Date(since), now)}`}${missing}`;
}

function holdLines({ holds, holdsProblem, now }: Explanation): readonly string[] {
  if (holds === null)
    return [field('held', `holds cannot be read, so it counts as held: ${holdsProblem ?? ''}`)];
  if (holds.length === 0) return [field('held', 'no')];
  return holds.map(({ kind, target, by, reason, since, until }) => {
    const scope = target === '*' ? 'the whole town' : target;
    const from = since === null ? '' : `, since ${momentText(new Date(since), now)}`;
    const end = until === null ? 'until somebody ends it' : `until ${momentText(new Date(until), now)}`;
    return field('held', `${scope}, ${kind} by ${oneLine(by, 80)}: ${oneLine(reason, 200)}${from}, ${end}`);
  });
}

function memoryLines({ memory, sign, finding, now }: Explanation): readonly string[] {
  const { brake, blocked, misprimed, backoff, slot, deferrals, lastDeath, ladder } = memory;
  const at = (text: string) => momentText(new Date(text), now);
  const lines: string[] = [];
  if (brake?.withheld)
    lines.push(field('brake', `${reasonText('ended-by-hand')}, since ${at(brake.withheld)}`));
  if (brake?.open) {
    const { since, waitMs } = brake.open;
    lines.push(field('brake', `open since ${at(since)}: one start is tried every ${lengthOf(waitMs)}`));
  }
  if (brake !== null) {
    const { deaths, attempts, lastStart, failure } = brake;
    const start = lastStart === null ? '' : `, the last one ${at(lastStart.at)}`;
    const why = failure === null ? '' : `; its last start failed: ${oneLine(failure, 200)}`;
    lines.push(
      field(
        'starts',
        `${attempts} by the tick since it was last well${start}; deaths lately: ${deaths.length}${why}`,
      ),
    );
  }
  if (brake !== null || ladder !== null || blocked !== null || misprimed !== null)
    lines.push(field('', `to forget all that: gt reset ${finding.agent}`));
  if (blocked !== null) {
    const end = blocked.until === null ? '' : `, until ${at(blocked.until)}`;
    lines.push(
      field(
        'blocked',
        `${reasonText(blocked.kind)} (${oneLine(blocked.detail, 100)}), since ${at(blocked.since)}${end}`,
      ),
    );
  }
  if (misprimed !== null) {
    const { since, as, corrected } = misprimed;
    const name = as === null ? '' : `; it calls itself ${as}`;
    const again = corrected === null ? '' : `; ended once for a fresh start ${at(corrected)}`;
    lines.push(field('ready', `no: ${reasonText('misprimed')}, seen ${at(since)}${name}${again}`));
  }
  if (backoff !== null && backoff.misses > 0) {
    const poke = backoff.lastPoke === null ? '' : `, the last one ${at(backoff.lastPoke.at)}`;
    lines.push(
      field(
        'silence',
        `${counted(backoff.misses, 'waking')} without an answer${poke}; now ${lengthOf(backoff.intervalMs)} apart`,
      ),
    );
  }
  if (sign !== null) lines.push(field('sign', `of life ${momentText(new Date(sign), now)}`));
  if (slot !== null && !slot.consumed) {
    const how = slot.stranded ? 'still stands in its composer' : 'is not answered';
    lines.push(field('message', `of ${at(slot.sent.at)} ${how}: ${oneLine(slot.text, 80)}`));
  }
  if (deferrals !== null)
    lines.push(
      field(
        'put off',
        `${counted(deferrals.count, 'message')} since ${at(deferrals.since)}: ${reasonText(deferrals.reason)}`,
      ),
    );
  if (lastDeath !== null) {
    const { status, signal } = lastDeath;
    const how =
      signal !== null ? `by signal ${signal}` : status === null ? 'nobody saw how' : `with status ${status}`;
    lines.push(field('died', `${at(lastDeath.at)}, ${how}`));
  }
  return lines;
}

function workLines({ work, unreadMail, memory, now }: Explanation): readonly string[] {
  const mail =
    unreadMail === 0 ? [] : [field('mail', unreadMail === null ? 'cannot be read' : `${unreadMail} unread`)];
  const ladder = memory.ladder === null ? '' : `; pursued ${memory.ladder.rung} of 5 steps far`;
  if (work === null) return [field('hook', 'cannot be read'), ...mail];
  const items = work.map(({ id, title, since }) =>
    field(
      'hook',
      `${id} ${oneLine(title, 80)}${since === null ? '' : `, since ${momentText(new Date(since), now)}`}${ladder}`,
    ),
  );
  return [...items, ...mail];
}

function workspaceLines({ workspace, now }: Explanation): readonly string[] {
  if (workspace === null) return [];
  const { at, text, evidence } = workspace;
  const { directory, because } = evidence;
  const said = oneLine(text, 300).replace(/^its work tree:? /, '');
  const where = typeof directory === 'string' ? ` in ${oneLine(directory, 200)}` : '';
  const why = typeof because === 'string' ? `, when ${reasonText(because)}` : '';
  return [field('work tree', `${momentText(new Date(at), now)}${why}: ${said}${where}`)];
}

function lastLines({ last, now }: Explanation): readonly string[] {
  if (last === null) return [field('last pass', 'none is known')];
  const { pass, at, actions, notes } = last;
  const when = at === null ? '' : momentText(new Date(at), now);
  const told = [
    ...actions.map(
      ({ kind, why, result, error, evidence }) =>
        `${kind} ${result}: ${reasonText(why)}${withFacts(evidenceText(evidence, now))}${error === null ? '' : `; ${oneLine(error, 300)}`}`,
    ),
    ...notes.map((note) => `nothing was done: ${noteText(note, now)}`),
  ];
  return [
    field('last pass', `${when}${told.length === 0 ? ': nothing to say of it' : ''}`),
    ...told.map((text) => field('', text)),
    ...(pass === null || told.length === 0
      ? []
      : [field('', `all it went by: gt replay ${pass.split('-').at(-1) ?? pass}`)]),
  ];
}

function nextLines({ next, now }: Explanation): readonly string[] {
  const { actions, notes, dueAt } = next;
  const when = dueAt === null || dueAt <= now ? 'due now' : momentText(dueAt, now);
  const standing = [
    ...actions.map((action) => actionText(action, now)),
    ...notes.map((note) => `nothing, since ${noteText(note, now)}`),
  ];
  const told = standing.length === 0 ? ['nothing is to be done'] : standing;
  return [field('next pass', `${when}; as things stand:`), ...told.map((text) => field('', text))];
}

function actionText({ kind, why, evidence }: Action, now: Date): string {
  return `${kind}: ${reasonText(why)}${withFacts(evidenceText(evidence, now))}`;
}

function noteText({ why, until, evidence }: Note, now: Date): string {
  const end = until === undefined ? '' : `, until ${momentText(new Date(until), now)}`;
  return `${reasonText(why)}${end}${evidence === undefined ? '' : withFacts(evidenceText(evidence, now))}`;
}

function withFacts(facts: string): string {
  return facts === '' ? '' : ` (${oneLine(facts, 300)})`;
}
