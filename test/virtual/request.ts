import { failed, skipped, succeeded } from '../../src/act/outcome.ts';
import type { Outcome } from '../../src/model/plan.ts';
import type { RequestAction } from '../../src/model/request.ts';
import { born, type Step, start } from './act.ts';
import { end, removePane } from './panes.ts';
import { type ActionOf, broke, type Mail, type Pane, type World, wallOf } from './world.ts';

type Settle = ActionOf<'settle'>;

/** Claim → end → start again → lower the flag → settle, each a step of its own, as `src/act/requests.ts` has it. */
export function carryOutRequest(action: Settle, world: World, step: Step): Outcome {
  const mail = world.mail.find(({ message }) => message.id === action.message);
  if (mail === undefined) return failed(action, 'no such request', 'store');
  if (world.broken.keeper > 0) return failed(action, 'the store does not answer', 'store');
  switch (action.deed) {
    case 'retire':
      if (mail.at === 'settled') broke(world, 'a request ends once', action.message);
      settleMail(mail, world, step);
      if (action.flag !== null) lower(world, action.agent, action.flag, step);
      return succeeded(action);
    case 'confirm':
      if (mail.at !== 'claimed') broke(world, 'only what was claimed is confirmed', action.message);
      lower(world, action.agent, askedBy(action), step);
      settleMail(mail, world, step);
      return succeeded(action);
    case 'cycle':
    case 'restart':
    case 'shutdown':
      return doIt(action, action.deed, mail, world, step);
  }
}

function doIt(action: Settle, deed: RequestAction, mail: Mail, world: World, step: Step): Outcome {
  if (action.resumed ? mail.at !== 'claimed' : mail.at !== 'waiting')
    return skipped(action, 'taken', 'the request is no longer waiting');
  step();
  mail.at = 'claimed';
  step();
  const held = deed === 'shutdown' && hold(world, action, step);
  const pane = world.server?.panes.find(
    ({ pane: id, session }) => id === action.pane && session === action.session,
  );
  if (world.broken.tmux > 0) return giveBack(action, mail, held, world, 'its pane cannot be looked at');
  if (pane !== undefined && pane.dead === null) {
    if (pane.pid !== action.panePid)
      return giveBack(action, mail, held, world, 'another process runs in its pane');
    step();
    kill(action, mail, pane, world);
    step();
  }
  if (deed === 'shutdown') {
    if (pane !== undefined) removePane(world, pane);
    return conclude(action, deed, mail, succeeded(action), world, step);
  }
  const own = world.server?.panes.find(({ session }) => session === action.session);
  if (own !== undefined && own.dead === null) return failed(action, 'its pane did not become free', 'tmux');
  const outcome = own === undefined ? start(action, world, step) : born(action, own, world, step);
  if (outcome.result === 'ok') return conclude(action, deed, mail, outcome, world, step);
  // A second failure ends the request: from then on its agent is one like any other that does not run.
  const inVain = action.resumed && outcome.result === 'failed' && outcome.reason !== 'tmux';
  return inVain ? conclude(action, deed, mail, outcome, world, step) : outcome;
}

function kill(action: Settle, mail: Mail, pane: Pane, world: World): void {
  const { process } = pane;
  if (process !== null) {
    world.ledger.kills += 1;
    mail.kills += 1;
    if (mail.kills > 1) broke(world, 'a request ends an agent once', action.message);
    if (mail.agent !== process.agent)
      broke(world, 'no living agent is ended unasked', `${process.agent} for ${mail.agent}`);
    if (mail.meant !== null && mail.meant !== process.pid && !process.byHand)
      broke(
        world,
        'a successor is not ended for its predecessor',
        `${action.message}: ${mail.meant ?? 'nobody'} asked, ${process.pid} was ended`,
      );
  }
  end(world, pane, { status: null, signal: 'TERM' });
  if (pane.runs === 'shell') end(world, pane, { status: null, signal: 'KILL' });
}

function conclude(
  action: Settle,
  deed: RequestAction,
  mail: Mail,
  outcome: Outcome,
  world: World,
  step: Step,
): Outcome {
  lower(world, action.agent, deed, step);
  settleMail(mail, world, step);
  return outcome;
}

function giveBack(action: Settle, mail: Mail, held: boolean, world: World, why: string): Outcome {
  mail.at = 'waiting';
  if (held)
    world.holds = world.holds.filter(({ kind, target }) => kind !== 'shutdown' || target !== action.agent);
  return failed(action, why, 'tmux');
}

function hold(world: World, action: Settle, step: Step): boolean {
  const target = action.agent;
  if (world.holds.some((one) => one.kind === 'shutdown' && one.target === target)) return action.resumed;
  const since = new Date(wallOf(world)).toISOString();
  world.holds = [
    ...world.holds,
    { target, kind: 'shutdown', reason: 'it asked', by: action.sender, since, until: null },
  ];
  step();
  return true;
}

function settleMail(mail: Mail, world: World, step: Step): void {
  step();
  mail.at = 'settled';
  world.ledger.settled += 1;
}

function lower({ flags }: World, agent: string, asked: RequestAction, step: Step): void {
  step();
  flags.get(agent)?.delete(asked);
}

function askedBy({ evidence: { action } }: Settle): RequestAction {
  return action === 'cycle' || action === 'restart' ? action : 'shutdown';
}
