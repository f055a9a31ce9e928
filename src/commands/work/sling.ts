import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Hold } from '../../model/rig.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import { reasonText } from '../../show/reason.ts';
import { holdOn } from '../../town/hold-scope.ts';
import { readHolds } from '../../town/holds.ts';
import { checkWorkerName } from '../../town/names.ts';
import { callerOf } from '../caller.ts';
import type { Context } from '../context.ts';
import { endingOf } from '../operator/hold-ending.ts';
import { logDeed } from '../operator/log-deed.ts';
import { seeTown } from '../operator/town-sight.ts';
import { lookAtTown, type Telling, tellPanes } from '../pane-teller.ts';
import { workMeant } from './find-work.ts';
import { putOnHook } from './put-on-hook.ts';
import { agentAsked, type WorkDesk, workDesk } from './work-desk.ts';

export interface SlingOptions {
  readonly town?: string | undefined;
  /** An item's id, a message's id, or what is to be done. */
  readonly work: string;
  readonly agent: string;
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** What is typed: no word of whoever wrote the work. */
const slungText = 'Work hangs on your hook: begin it now. Run: gt hook';

/**
 * `gt sling WORK AGENT`: hangs work on somebody's hook and says so in their pane when they run. A polecat that does not run
 * is started by the keeper because it has work; others are named with the command that starts them. Makes no worktree.
 */
export async function slingCommand(options: SlingOptions, context: Context): Promise<number> {
  const { town, force = false, json = false } = options;
  const desk = workDesk(town, context);
  refuseMissing(options.agent, desk);
  const agent = agentAsked(options.agent, desk, context);
  const meant = await workMeant(options.work, desk, context);
  const item = await putOnHook(meant, agent, force, desk, context);
  const text = `${item.id} (${oneLine(item.title, 80)}) was hung on its hook by ${oneLine(desk.sender)}`;
  logDeed(desk.at, { kind: 'sling', target: agent.id, text, evidence: { work: item.id } }, context);
  // Whoever only stands in an agent's place is not that agent: it may not even run.
  const telling = agent.id === callerOf(desk.at.root, context)?.id ? null : await tell(agent, town, context);
  const next = telling?.result === 'not-running' ? await whatNext(agent, desk, context) : null;
  if (next !== null && next.kind !== 'starts')
    context.stderr(`⚠ Warning: ${agent.id} does not run. ${next.text}\n`);
  if (json) {
    const told = telling === null ? null : telling.result;
    context.stdout(
      jsonText({ schema: 'gt.sling/1', work: item.id, created: meant.kind === 'new', agent: agent.id, told }),
    );
  } else {
    context.stdout(`✓ Slung ${item.id} (${oneLine(item.title, 80)}) to ${agent.id}\n`);
    if (telling !== null) context.stdout(tellingText(telling));
    if (next?.kind === 'starts') context.stdout(`  ${agent.id} does not run. ${next.text}\n`);
  }
  return exitStatus.done;
}

/** A polecat's name in a rig that exists, but no directory: say so, and whether there could be one, before anything is written down. */
function refuseMissing(given: string, { at, rigs }: WorkDesk): void {
  const [, rig = '', name = ''] = /^([^/]+)\/polecats\/([^/]+)\/?$/.exec(given.trim()) ?? [];
  const found = rigs.known ? rigs.value.find((one) => one.name === rig) : undefined;
  if (found === undefined || found.polecats.includes(name)) return;
  const wrong = checkWorkerName(name, rig, 'polecat', rigs.known ? rigs.value : []);
  throw new Failure(
    'polecat-missing',
    exitStatus.failed,
    wrong === null
      ? `The polecat ${name} of ${rig} has no worktree: ${at.root}/${rig}/polecats/${name} does not exist. Nothing was slung.`
      : `${oneLine(given)} cannot be a polecat: ${wrong}`,
    wrong === null ? `gt polecat add ${rig} ${name}` : `gt polecat list ${rig}`,
  );
}

/** Looking at the panes may fail: the work hangs on the hook all the same. */
async function tell(agent: Agent, town: string | undefined, context: Context): Promise<Telling> {
  try {
    const seen = await lookAtTown(town, context);
    const [telling] = await tellPanes([{ agent, text: slungText, why: 'sling' }], seen, context);
    return telling ?? { result: 'unknown', why: 'unknown', sentence: 'nothing became known of it' };
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    return { result: 'unknown', why: 'unknown', sentence };
  }
}

/** Why nobody will start it; null when nothing is known to hold it. */
function holdNow(agent: Agent, { at, rigs }: WorkDesk, context: Context): Hold | null {
  const names = rigs.known ? rigs.value.map(({ name }) => name) : [];
  const holds = readHolds(at, context.now().getTime(), names);
  return holds.known ? holdOn(holds.value, agent) : null;
}

function tellingText(telling: Telling): string {
  switch (telling.result) {
    case 'told':
      return '  It was told in its pane\n';
    case 'not-running':
      return '';
    case 'put-off':
      return `  Not told yet: ${reasonText(telling.why)}. Its hook has the work\n`;
    case 'unknown':
    case 'failed':
      return `  Not told: ${oneLine(telling.sentence, 300)}. Its hook has the work\n`;
  }
}

/** What becomes of somebody who does not run, as a heartbeat would decide now; then the command to run. */
async function whatNext(
  agent: Agent,
  desk: WorkDesk,
  context: Context,
): Promise<{ readonly kind: 'starts' | 'stays'; readonly text: string }> {
  const stays = (text: string) => ({ kind: 'stays', text }) as const;
  const held = holdNow(agent, desk, context);
  if (held !== null)
    return stays(
      `It is held (${held.kind} by ${oneLine(held.by)}: ${oneLine(held.reason)}). To end that: ${endingOf(held)}`,
    );
  try {
    const { plan } = await seeTown(desk.at, context);
    const starts = plan.actions.some(
      ({ kind, agent: id }) => id === agent.id && (kind === 'start' || kind === 'recreate'),
    );
    if (starts) return { kind: 'starts', text: 'The next heartbeat starts it. At once: gt tick --force' };
    const why = plan.notes.find((note) => note.agent === agent.id)?.why;
    if (why !== undefined)
      return stays(`The next heartbeat does not start it: ${reasonText(why)}. See: gt why ${agent.id}`);
  } catch {
    // The hook has the work, whatever keeps us from looking further.
  }
  return stays(`Nobody keeps it running. Start it: ${startLine(agent)}`);
}

function startLine(agent: Agent): string {
  switch (agent.role) {
    case 'polecat':
      return `gt session start ${agent.id}`;
    case 'crew':
      return `gt crew start ${agent.rig}/${agent.name}`;
    case 'witness':
    case 'refinery':
      return `gt ${agent.role} start ${agent.rig}`;
    case 'mayor':
    case 'deacon':
      return `gt ${agent.role} start`;
  }
}
