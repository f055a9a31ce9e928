import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { draftWith } from '../../model/message.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { jsonText } from '../../show/json.ts';
import { momentText } from '../../show/time.ts';
import { rigAgent } from '../../town/identity.ts';
import { homeOf } from '../../town/layout.ts';
import { callerOf } from '../caller.ts';
import type { Context } from '../context.ts';
import { ask } from '../lifecycle/ask.ts';
import { lifecycleDesk } from '../lifecycle/desk.ts';
import { valueIn } from '../mail/desk.ts';
import { notifyReaders } from '../mail/notify.ts';
import { notifierFor } from '../mail/notify-pane.ts';
import { logDeed } from '../operator/log-deed.ts';
import { branchOf } from './branch.ts';
import { alreadyReported, bodyOfReport } from './done-report.ts';
import { hookedItem } from './hooked-item.ts';
import { agentHere, hookOf, recordState, type WorkDesk, workDesk } from './work-desk.ts';

export interface DoneOptions {
  readonly town?: string | undefined;
  /** `COMPLETED`, `ESCALATED` or `DEFERRED`; the first when missing. */
  readonly status?: string | undefined;
  /** The piece of work, where several hang on the hook. */
  readonly issue?: string | undefined;
  readonly message?: string | undefined;
  /** Ask the keeper to end the agent afterwards. */
  readonly exit?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const endings = ['COMPLETED', 'ESCALATED', 'DEFERRED'] as const;
type Ending = (typeof endings)[number];

/**
 * `gt done` (spec/agents.md §3.7): the caller's work is over. Completed work is closed; deferred or escalated work goes back
 * among the open work. A polecat's witness is told by mail first, `POLECAT_DONE NAME`, and the agent's record says `done`
 * last: whatever interrupts this, running it again finishes it, and does not tell the witness again. Exit 1, and nobody is
 * told, when nothing hangs there and nothing is left to finish. With `--exit` the agent asks for its own end last, also when
 * its work has ended before; refused to anybody else, and while other work hangs there.
 */
export async function doneCommand(options: DoneOptions, context: Context): Promise<number> {
  const { town, json = false } = options;
  const desk = workDesk(town, context);
  const agent = agentHere(desk);
  const exit = options.exit === true;
  if (exit) refuseOthers(agent, desk, context);
  const ending = endingOf(options.status);
  const hooked = await hookOf(agent, desk);
  const { issue } = options;
  const again = exit && hooked.length === 0 && issue?.trim() !== '';
  const items = issue === undefined || again ? hooked : [hookedItem(issue, hooked, agent)];
  if (exit) refuseLeft(hooked, items, agent);
  const isOver = items.length === 0 && (await hasEnded(agent, exit, desk, context));
  const branch = branchOf(homeOf(desk.at.root, agent));
  const mail =
    agent.role === 'polecat' && !isOver
      ? await report(agent, ending, items, branch, options, desk, context)
      : null;
  for (const item of items) await endOf(item, ending, options.message ?? null, desk);
  if (!isOver && hooked.length === items.length)
    await recordState(agent, agent.role === 'polecat' ? stateAfter(ending) : 'idle', desk, context);
  const ids = items.map(({ id }) => id).join(', ') || 'nothing';
  if (!isOver) logDeed(desk.at, { kind: 'done', target: agent.id, text: `${ids} ended ${ending}` }, context);
  const wish = { agent, action: 'shutdown', message: undefined } as const;
  const request = exit ? (await ask(wish, lifecycleDesk(town, context), context)).id : null;
  if (json) {
    const work = items.map(({ id }) => id);
    const document = { schema: 'gt.done/1', agent: agent.id, exit: ending, work, branch, mail, request };
    context.stdout(jsonText(document));
    return exitStatus.done;
  }
  const what = ending === 'COMPLETED' ? 'closed' : 'back among the open work';
  for (const { id } of items) context.stdout(`✓ ${id} is ${what}\n`);
  if (items.length === 0) context.stdout(`○ Nothing was on the hook of ${agent.id}\n`);
  if (exit) context.stdout('✓ The keeper was asked to end this session\n');
  if (mail !== null) context.stdout(`✓ ${'rig' in agent ? agent.rig : ''}/witness knows: message ${mail}\n`);
  return exitStatus.done;
}

/** A directory is enough to end the work of whoever lives there, not to end that agent. */
function refuseOthers(agent: Agent, { at }: WorkDesk, context: Context): void {
  if (callerOf(at.root, context)?.id === agent.id) return;
  throw new Failure(
    'not-an-agent',
    exitStatus.usage,
    `Only ${agent.id} itself can ask for its end so, and this was not run by it (GT_ROLE does not name it). Nothing was done.`,
    `gt lifecycle request shutdown --agent ${agent.id}`,
  );
}

/** Whoever is down works on nothing. */
function refuseLeft(hooked: readonly WorkItem[], items: readonly WorkItem[], agent: Agent): void {
  const left = hooked.filter((item) => !items.includes(item)).map(({ id }) => id);
  if (left.length === 0) return;
  throw new Failure(
    'work-left',
    exitStatus.failed,
    `${left.join(', ')} would stay on the hook of ${agent.id} while it is down. Nothing was done. Without --issue everything there ends.`,
    'gt hook',
  );
}

/**
 * Whether an empty hook is an end that is finished: not of a polecat whose record says that it works still. Throws where
 * the caller's own end is not asked for either.
 */
async function hasEnded(
  agent: Agent,
  exit: boolean,
  { store }: WorkDesk,
  context: Context,
): Promise<boolean> {
  const record = agent.role === 'polecat' ? valueIn(await store.agents.get(agent.id)) : null;
  if (record?.state === 'working') return false;
  if (exit) return true;
  const ended = record?.state === 'done' || record?.state === 'stuck' ? record.updated : null;
  const since = ended === null ? '' : ` Its work ended ${momentText(new Date(ended), context.now())}.`;
  throw new Failure(
    'hook-empty',
    exitStatus.failed,
    `Nothing hangs on the hook of ${agent.id}.${since}`,
    'gt hook',
  );
}

function endingOf(given: string | undefined): Ending {
  const found = endings.find((ending) => ending === (given ?? 'COMPLETED').trim().toUpperCase());
  if (found !== undefined) return found;
  throw new Failure('usage', exitStatus.usage, `--status is one of ${endings.join(', ')}.`, 'gt done --help');
}

function stateAfter(ending: Ending): string {
  return ending === 'ESCALATED' ? 'stuck' : 'done';
}

/** Somebody else may have ended it meanwhile: then it is as it should be. */
async function endOf(item: WorkItem, ending: Ending, reason: string | null, desk: WorkDesk): Promise<void> {
  const { work } = desk.store;
  valueIn(
    ending === 'COMPLETED' ? await work.close(item.id, desk.sender, reason) : await work.unhook(item.id),
  );
}

/** The mail of the protocol (spec/agents.md §2.8); its id. */
async function report(
  agent: Agent & { readonly role: 'crew' | 'polecat' },
  ending: Ending,
  items: readonly WorkItem[],
  branch: string | null,
  { town, message }: DoneOptions,
  desk: WorkDesk,
  context: Context,
): Promise<string | null> {
  const witness = rigAgent(agent.rig, 'witness');
  const subject = `POLECAT_DONE ${agent.name}`;
  const before = await alreadyReported(agent, witness.id, subject, ending, items, desk);
  if (before !== null) return before;
  const body = bodyOfReport(ending, items, branch, message);
  const draft = draftWith({ from: agent.id, to: witness.id, subject, body });
  const [sent] = valueIn(await desk.store.mail.send(draft));
  if (sent === undefined) return null;
  const notify = notifierFor(subject, town, context);
  const reader = { mailbox: witness.id, agents: [witness] };
  for (const problem of await notifyReaders(desk.store.mail, reader, sent.id, notify))
    context.stderr(`⚠ Warning: ${problem}\n`);
  return sent.id;
}
