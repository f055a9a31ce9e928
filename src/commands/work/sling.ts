import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { Hold } from '../../model/rig.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import { reasonText } from '../../show/reason.ts';
import { holdOn } from '../../town/hold-scope.ts';
import { readHolds } from '../../town/holds.ts';
import { checkWorkerName } from '../../town/names.ts';
import type { Context } from '../context.ts';
import { logDeed } from '../operator/log-deed.ts';
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
  const telling = agent.id === desk.agent?.id ? null : await tell(agent, town, context);
  const held = telling?.result === 'not-running' ? holdNow(agent, desk, context) : null;
  if (json) {
    const told = telling === null ? null : telling.result;
    context.stdout(
      jsonText({ schema: 'gt.sling/1', work: item.id, created: meant.kind === 'new', agent: agent.id, told }),
    );
  } else {
    context.stdout(`✓ Slung ${item.id} (${oneLine(item.title, 80)}) to ${agent.id}\n`);
    if (telling !== null) context.stdout(tellingText(agent, telling, held));
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

function tellingText(agent: Agent, telling: Telling, held: Hold | null): string {
  switch (telling.result) {
    case 'told':
      return '  It was told in its pane\n';
    case 'not-running':
      return held === null
        ? `  It does not run. ${howItStarts(agent)}\n`
        : `  It does not run, and is held (${held.kind} by ${oneLine(held.by)}: ${oneLine(held.reason)})\n`;
    case 'put-off':
      return `  Not told yet: ${reasonText(telling.why)}. Its hook has the work\n`;
    case 'unknown':
    case 'failed':
      return `  Not told: ${oneLine(telling.sentence, 300)}. Its hook has the work\n`;
  }
}

function howItStarts(agent: Agent): string {
  switch (agent.role) {
    case 'polecat':
      return 'The next heartbeat starts it, since it has work. At once: gt tick --force';
    case 'crew':
      return `Start it: gt crew start ${agent.rig} ${agent.name}`;
    case 'witness':
    case 'refinery':
      return `Start it: gt ${agent.role} start ${agent.rig}`;
    case 'mayor':
    case 'deacon':
      return `Start it: gt ${agent.role} start`;
  }
}
