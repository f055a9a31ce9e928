import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { draftWith } from '../../model/message.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { jsonText } from '../../show/json.ts';
import { momentText } from '../../show/time.ts';
import { rigAgent } from '../../town/identity.ts';
import { homeOf } from '../../town/layout.ts';
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
 * told, when nothing hangs there and nothing is left to finish.
 */
export async function doneCommand(options: DoneOptions, context: Context): Promise<number> {
  const { town, json = false } = options;
  const desk = workDesk(town, context);
  const agent = agentHere(desk);
  const ending = endingOf(options.status);
  const hooked = await hookOf(agent, desk);
  const items = options.issue === undefined ? hooked : [hookedItem(options.issue, hooked, agent)];
  if (items.length === 0) await refuseNothing(agent, desk, context);
  const branch = branchOf(homeOf(desk.at.root, agent));
  const mail =
    agent.role === 'polecat' ? await report(agent, ending, items, branch, options, desk, context) : null;
  for (const item of items) await endOf(item, ending, options.message ?? null, desk);
  if (hooked.length === items.length)
    await recordState(agent, agent.role === 'polecat' ? stateAfter(ending) : 'idle', desk, context);
  const ids = items.map(({ id }) => id).join(', ') || 'nothing';
  logDeed(desk.at, { kind: 'done', target: agent.id, text: `${ids} ended ${ending}` }, context);
  if (options.exit === true)
    await ask({ agent, action: 'shutdown', message: undefined }, lifecycleDesk(town, context), context);
  if (json) {
    const work = items.map(({ id }) => id);
    context.stdout(jsonText({ schema: 'gt.done/1', agent: agent.id, exit: ending, work, branch, mail }));
    return exitStatus.done;
  }
  const what = ending === 'COMPLETED' ? 'closed' : 'back among the open work';
  for (const { id } of items) context.stdout(`✓ ${id} is ${what}\n`);
  if (items.length === 0) context.stdout(`○ Nothing was on the hook of ${agent.id}\n`);
  if (options.exit === true) context.stdout('✓ The keeper was asked to end this session\n');
  if (mail !== null) context.stdout(`✓ ${'rig' in agent ? agent.rig : ''}/witness knows: message ${mail}\n`);
  return exitStatus.done;
}

/** An empty hook is an end to finish only of a polecat whose record says that it works still. */
async function refuseNothing(agent: Agent, { store }: WorkDesk, context: Context): Promise<void> {
  const record = agent.role === 'polecat' ? valueIn(await store.agents.get(agent.id)) : null;
  if (record?.state === 'working') return;
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
