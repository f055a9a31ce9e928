import { paneLocksDir } from '../../act/pane-lock.ts';
import { betweenHeartbeats } from '../../decide/between-heartbeats.ts';
import { settle } from '../../decide/settle.ts';
import { exitStatus } from '../../exit.ts';
import type { Outcome, Plan } from '../../model/plan.ts';
import type { State } from '../../model/state.ts';
import { fault } from '../../persist/fault.ts';
import { sweepLeftovers } from '../../persist/leftovers.ts';
import type { Owner } from '../../persist/lock-owner.ts';
import { saveState } from '../../persist/state.ts';
import { jsonText } from '../../show/json.ts';
import type { TmuxClient } from '../../tmux/client.ts';
import { type Context, styleFor } from '../context.ts';
import { clockOf, decideNow, type Order, reportOf } from './decision.ts';
import { openGate } from './gate-opened.ts';
import { finish } from './pass-end.ts';
import { type Limits, startLimits } from './pass-limits.ts';
import type { Sight } from './sight.ts';

/** `gt tick --dry-run`: the plan of a pass that would run now. Takes no lock and writes nothing at all. */
export async function dryRun(order: Order, context: Context): Promise<number> {
  const decided = await decideNow(order, context);
  const { plan } = decided;
  const report = reportOf(order, decided, null, plan.exit);
  if (order.json) {
    context.stdout(jsonText(report));
  } else {
    const { notesText, passText } = await import('../../show/pass-text.ts');
    const style = styleFor(context);
    context.stdout(
      passText(report, new Date(order.now.wall), style) + notesText(report, new Date(order.now.wall), style),
    );
  }
  return plan.exit;
}

/**
 * A pass, with the lock in hand: load → observe → decide → save intent → act → save outcome → report.
 * `deadOwner` is the killed tick whose lock this one took over.
 */
export async function runPass(order: Order, deadOwner: Owner | null, context: Context): Promise<number> {
  const { layout } = order;
  const limits = startLimits();
  try {
    // By the clock that dates files: a false one would make what others are writing right now look old.
    const written = context.now().getTime();
    for (const dir of [layout.daemonDir, layout.passesDir, paneLocksDir(layout)])
      sweepLeftovers(dir, written);
    const decided = await decideNow(order, context, deadOwner);
    const { plan, loaded, sight } = decided;
    limits.allow(sight.config.tick.budgets.passMs);
    // Nothing is spent yet, so a pass that is told to end now has nothing to save.
    if (limits.stopped()) return limits.exit() ?? exitStatus.failed;
    const begun = { ...plan.state, pid: process.pid };
    const remembered = (state: State) =>
      order.part === 'all' ? state : betweenHeartbeats(state, loaded.state);
    let { kept } = loaded;
    // Loaded before anything is spent: between the intent and its acts nothing should take time.
    if (plan.actions.length > 0) await Promise.all([import('../../act/perform.ts'), import('./world.ts')]);
    if (plan.actions.length > 0) {
      fault('pass.before-intent');
      kept = saveState(layout, { ...remembered(begun), running: true }, kept);
      fault('pass.intent-saved');
    }
    const closeGate = order.part === 'lifecycle' && plan.actions.length > 0 ? openGate(layout) : null;
    const outcomes = plan.actions.length === 0 ? [] : await act(plan, sight, limits, order, context);
    if (outcomes.every(({ result }) => result === 'ok')) closeGate?.();
    const settled = settle(
      loaded.state,
      { ...plan, state: begun },
      outcomes,
      clockOf(order, sight).toISOString(),
    );
    fault('pass.acted');
    saveState(layout, remembered(settled), kept);
    fault('pass.outcome-saved');
    return await finish(order, decided, outcomes, limits, context);
  } finally {
    limits.lift();
  }
}

/** Between two turns of the event loop signals are heard. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function act(
  plan: Plan,
  sight: Sight,
  limits: Limits,
  { layout, now }: Order,
  context: Context,
): Promise<readonly Outcome[]> {
  if (plan.actions.length === 0) return [];
  const { perform } = await import('../../act/perform.ts');
  const { worldOf } = await import('./world.ts');
  // A signal that came while the intent was saved is heard only now: between two turns of the event loop.
  await turn();
  await turn();
  return perform(
    plan.actions,
    worldOf(
      sight,
      sight.client ?? noTmux,
      { layout, now, left: limits.left, pass: plan.state.intent?.pass ?? null },
      context,
    ),
  );
}

/** Where there is no such program, notices are all that a pass can still deliver. */
const noTmux: TmuxClient = {
  socketPath: '',
  nonce: () => 'none',
  call: () =>
    Promise.resolve({
      ok: false,
      exit: null,
      signal: null,
      stdout: '',
      stderr: '',
      failure: 'not-found',
      ms: 0,
    }),
};
