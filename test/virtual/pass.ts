import { decide } from '../../src/decide/decide.ts';
import { settle } from '../../src/decide/settle.ts';
import { type Answer, isDue } from '../../src/due.ts';
import { firstState, type State } from '../../src/model/state.ts';
import { perform, type Step } from './act.ts';
import { checkGate, checkOutcome, checkPlan, forget } from './laws.ts';
import { instantOf, see } from './see.ts';
import { noTrouble, type World, wallOf } from './world.ts';

/** What the tick's sudden end looks like from inside. */
const crashed = Symbol('crashed');

/** What a scheduler calls every minute: the gate, and where it is due a pass. */
export function tick(world: World): void {
  world.ledger.gates += 1;
  const answer = ask(world);
  checkGate(world, answer);
  if (!answer.due) return;
  world.ledger.passes += 1;
  const trouble = world.next;
  world.next = noTrouble;
  try {
    pass(world, answer.why === 'lifecycle' ? 'lifecycle' : 'all', trouble, stepsUntil(trouble.crash));
  } catch (error) {
    if (error !== crashed) throw error;
    world.ledger.crashes += 1;
    world.next = noTrouble;
  }
}

/** As `askGate` puts it together from three files. */
function ask(world: World): Answer {
  const { due } = world.disk;
  if (due === null) return { due: true, why: 'first', at: null };
  const { wall, boot } = instantOf(world);
  const answer = isDue(due, { now: wall, activity: world.broken.activity > 0 ? null : world.activity, boot });
  const asked =
    world.broken.keeper === 0 && world.mail.some(({ kind, at }) => kind === 'request' && at === 'waiting');
  return !answer.due && asked ? { ...answer, due: true, why: 'lifecycle' } : answer;
}

function stepsUntil(crash: number | null): Step {
  if (crash === null) return () => undefined;
  let left = crash;
  return () => {
    if (left === 0) throw crashed;
    left -= 1;
  };
}

/** Load → look → decide → save the intent → act → settle → save → set the gate: `src/commands/tick/pass.ts` and what it calls. */
function pass(world: World, part: 'all' | 'lifecycle', trouble: World['next'], step: Step): void {
  const { disk, config, ledger } = world;
  const { state: before, careful } = load(world);
  const snapshot = see(world, before);
  const { now } = snapshot;
  const plan = decide(snapshot, before, config, { pass: `pass-${ledger.passes}`, careful, only: null, part });
  ledger.lastPlan = plan;
  checkPlan(world, plan, snapshot, careful);
  // What is to befall a pass waits for one that does something.
  if (plan.actions.length === 0) world.next = trouble;
  else for (const change of trouble.meanwhile) change();
  const begun = { ...plan.state, pid: ledger.passes };
  step();
  if (plan.actions.length > 0) save(world, { ...begun, running: true });
  step();
  const aside = part === 'lifecycle' && plan.actions.length > 0 ? disk.due : null;
  if (aside !== null) disk.due = null;
  const outcomes = perform(plan.actions, world, trouble, step);
  if (aside !== null && outcomes.every(({ result }) => result === 'ok')) disk.due ??= aside;
  step();
  const settled = settle(before, { ...plan, state: begun }, outcomes, new Date(wallOf(world)).toISOString());
  save(
    world,
    part === 'all'
      ? settled
      : { ...settled, lastHeartbeat: before.lastHeartbeat, heartbeatCount: before.heartbeatCount },
  );
  step();
  checkOutcome(world, plan, before, settled);
  if (part === 'lifecycle') return;
  ledger.heartbeats += 1;
  const { everyMs, tiers } = config.tick;
  const cutShort = trouble.slow !== null && trouble.slow < plan.actions.length;
  const dueAt = cutShort ? now.wall + everyMs : Date.parse(plan.nextDueAt);
  disk.due = { passStartedAt: now.wall, dueAt, everyMs, boot: now.boot, tiers };
}

/** A torn state falls back to its backup, and to nothing where that is torn as well; then the pass is careful. */
function load(world: World): { readonly state: State; readonly careful: boolean } {
  const { disk, lost } = world;
  const { torn } = disk;
  if (torn > 0) forget(world);
  disk.torn = 0;
  const cutShort = disk.state?.intent != null;
  const keepOnly = (stays: (server: (typeof lost)[number]) => boolean) => {
    lost.splice(0, lost.length, ...lost.filter(stays));
  };
  keepOnly(({ seen }) => seen);
  if (torn === 0 && !cutShort) return { state: disk.state ?? firstState, careful: false };
  if (torn > 0) {
    disk.state = torn === 1 ? disk.backup : null;
    disk.backup = null;
  }
  // A server nobody can reach and nobody remembers cannot be known of: the pass that started it may have been cut short.
  const known = disk.state?.home?.serverPid;
  // What had been seen of the one that still answers is forgotten with the state.
  if (torn > 0 && world.server !== null && world.server.pid !== known) world.server.seen = false;
  keepOnly(({ pid }) => pid === known);
  return { state: disk.state ?? firstState, careful: torn > 0 };
}

function save({ disk }: World, state: State): void {
  disk.backup = disk.state;
  disk.state = state;
}
