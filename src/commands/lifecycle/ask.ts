import { sortRequests } from '../../decide/requests.ts';
import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { type Draft, draftWith, type Message } from '../../model/message.ts';
import type { RequestAction } from '../../model/request.ts';
import { clearFlag, raiseFlag } from '../../town/lifecycle-flag-edit.ts';
import { readFlags } from '../../town/lifecycle-flags.ts';
import type { Editing } from '../../town/registry-edit.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';
import type { LifecycleDesk } from './desk.ts';

/** What is asked for, and whom it is about. */
export interface Wish {
  readonly agent: Agent;
  readonly action: RequestAction;
  readonly message: string | undefined;
}

/** A wish that was sent. */
interface Flagged extends Wish {
  /** The message that carries it. */
  readonly id: string;
  /** When its flag was raised. */
  readonly raised: string;
}

/** A request that is on its way. */
export interface Asked extends Flagged {
  /** False: nobody could be started to answer it now, so the next tick does. */
  readonly atOnce: boolean;
}

/** How long the `gt lifecycle process` we start waits for a tick that is at work, seconds. */
const patience = 60;

/**
 * Asks the keeper: flag, then mail, then somebody to answer it at once (spec/agents.md §2.9). Who may ask is decided
 * beforehand by the keeper's own rule, so that nobody's flag is raised for nothing. Throws a {@link Failure} when
 * the request is not on its way; the flag is then down again.
 */
export async function ask(wish: Wish, desk: LifecycleDesk, context: Context): Promise<Asked> {
  const { agent, action } = wish;
  refuseStrangers(desk, context);
  const edit = editing(desk);
  const raised = edit.at;
  const draft = draftOf(wish, raised, desk);
  refuseEarly(draft, desk);
  const root = desk.at.root;
  const flags = readFlags(root, agent);
  for (const other of flags.known ? flags.value : [])
    if (other !== action) await clearFlag(root, agent, other, edit, null);
  await raiseFlag(root, agent, action, edit);
  const sent = await desk.mail.send(draft);
  const [delivered] = sent.known ? sent.value : [];
  if (delivered === undefined) {
    await clearFlag(root, agent, action, editing(desk), raised);
    valueIn(sent);
    throw new Failure(
      'not-sent',
      exitStatus.failed,
      'The request could not be sent.',
      'gt mail inbox deacon/',
    );
  }
  await raiseAgain({ ...wish, id: delivered.id, raised }, desk);
  const process = ['lifecycle', 'process', '--wait', String(patience), '--town', root];
  const atOnce = (await context.startAnother?.(process)) ?? false;
  return { ...wish, id: delivered.id, raised, atOnce };
}

/** Somebody else's request for the same, carried out while ours was being sent, has taken our flag along. */
async function raiseAgain({ agent, action, id, raised }: Flagged, desk: LifecycleDesk): Promise<void> {
  const { root } = desk.at;
  const flags = readFlags(root, agent);
  if (!flags.known || flags.value.includes(action) || !(await waits(id, desk))) return;
  await raiseFlag(root, agent, action, { ...editing(desk), at: raised });
  if (!(await waits(id, desk))) await clearFlag(root, agent, action, editing(desk), raised);
}

async function waits(id: string, { mail }: LifecycleDesk): Promise<boolean> {
  const found = await mail.find(id);
  return found.known && found.value.kind === 'found' && found.value.held.state.is === 'waiting';
}

/** An agent whose role nobody understands is not taken for the person, who may ask for everybody. */
function refuseStrangers({ caller }: LifecycleDesk, { env }: Context): void {
  const role = (env.GT_ROLE ?? '').trim();
  if (caller !== null || role === '') return;
  throw new Failure(
    'role-unknown',
    exitStatus.permission,
    `GT_ROLE is ${JSON.stringify(role)}, which names no agent of this town, so nobody knows who asks. A person asks without it.`,
    'env -u GT_ROLE gt lifecycle list',
  );
}

/**
 * Takes a request back that nobody has begun to carry out, flag and all. False: somebody has, or it has ended.
 */
export async function withdraw({ agent, action, id, raised }: Asked, desk: LifecycleDesk): Promise<boolean> {
  const reason = 'nobody carried it out in the time its sender would wait';
  const settlement = { outcome: 'withdrawn', by: desk.sender, reason };
  const settled = valueIn(await desk.mail.settle(id, settlement));
  if (settled.kind !== 'done') return false;
  await clearFlag(desk.at.root, agent, action, editing(desk), raised);
  return true;
}

/** Times of an edit are those of the town's clock. */
function editing({ now }: LifecycleDesk): Editing {
  return { at: new Date(now()).toISOString(), command: 'gt lifecycle request' };
}

function draftOf({ agent, action, message }: Wish, raised: string, { sender }: LifecycleDesk): Draft {
  const body = {
    action,
    identity: agent.id,
    time: raised,
    ...(message === undefined || message === '' ? {} : { message }),
  };
  return draftWith({
    from: sender,
    to: 'deacon',
    subject: `LIFECYCLE: ${agent.id} requesting ${action}`,
    body: JSON.stringify(body),
  });
}

function refuseEarly(draft: Draft, { rigs, now }: LifecycleDesk): void {
  if (!rigs.known) return;
  const message: Message = { ...draft, id: 'draft', thread: '', at: new Date(now()).toISOString() };
  const [retired] = sortRequests([message], rigs.value, now()).retired;
  if (retired === undefined) return;
  const { why, sentence } = retired.refusal;
  throw new Failure(
    why,
    why === 'not-allowed' ? exitStatus.permission : exitStatus.failed,
    sentence,
    'gt status',
  );
}
