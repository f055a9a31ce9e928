import { contextLook } from '../../src/decide/context-full.ts';
import { longestInterval } from '../../src/decide/tier.ts';
import type { Answer } from '../../src/due.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { State } from '../../src/model/state.ts';
import { livingOf, paneOf } from './panes.ts';
import { awakeOf, broke, livedOf, minute, type World, wallOf } from './world.ts';

/** What must hold of every plan, whatever the world is like; compared with the truth, not with what the pass saw. */
export function checkPlan(world: World, plan: Plan, snapshot: Snapshot, careful: boolean): void {
  const { budgets } = world.config.tick;
  noteGap(world);
  let starts = 0;
  let kills = 0;
  let nudges = 0;
  const seen = new Set<string>();
  for (const action of plan.actions) {
    if (seen.has(action.id)) broke(world, 'an action is planned once', action.id);
    seen.add(action.id);
    const touches = action.kind !== 'settle' || (action.deed !== 'retire' && action.deed !== 'confirm');
    if (touches && action.kind !== 'mail' && action.kind !== 'alert') {
      if (!snapshot.holds.known) broke(world, 'unknown holds stop everything', action.id);
      if (!snapshot.tmux.known) broke(world, 'nothing is done while tmux is unknown', action.id);
      if (snapshot.obstacles.length > 0) broke(world, 'an obstacle stops everything', action.id);
    }
    switch (action.kind) {
      case 'start':
      case 'recreate': {
        starts += 1;
        if (action.kind === 'recreate' && action.why === 'bare-shell') kills += 1;
        const living = livingOf(world, action.agent);
        if (living.length > 0) broke(world, 'a living agent is not started again', action.id);
        const pane = paneOf(world, action.agent);
        if (careful && pane?.runs === 'shell') broke(world, 'a careful pass ends nothing', action.id);
        if (world.overloaded > 0 && action.agent !== 'deacon' && action.agent !== 'mayor')
          broke(world, 'on an overloaded machine starts wait', action.id);
        break;
      }
      case 'nudge':
        nudges += 1;
        // It types nothing.
        if (action.spawn !== undefined || action.why === contextLook) break;
        if (careful) broke(world, 'a careful pass says nothing', action.id);
        if (!snapshot.signs[action.agent]?.stamp.known)
          broke(world, 'an unknown stamp proves nothing', action.id);
        checkPatience(world, plan, action.agent, action.finish || action.why.endsWith('-over'));
        break;
      case 'settle':
        if (!touches) break;
        if (action.pane !== null) kills += 1;
        if (action.deed !== 'shutdown') starts += 1;
        if (careful && action.pane !== null) broke(world, 'a careful pass ends nothing', action.id);
        break;
      case 'kill':
        kills += 1;
        if (careful) broke(world, 'a careful pass ends nothing', action.id);
        if (world.config.tick.work.last !== 'restart')
          broke(world, 'no living agent is ended unasked', action.id);
        break;
      case 'alert':
        break;
      case 'mail':
        nudges += 1;
        break;
    }
  }
  if (starts > budgets.starts) broke(world, 'starts per pass', `${starts}`);
  if (kills > budgets.kills) broke(world, 'kills per pass', `${kills}`);
  if (nudges > budgets.nudges) broke(world, 'nudges per pass', `${nudges}`);
  checkDue(world, plan);
}

/** The state was lost: budgets begin anew. */
export function forget(world: World): void {
  world.ledger.begun.clear();
  world.ledger.forgotten = livedOf(world);
}

/** A condition is told once: the same kind of notice of it does not come again within an hour, however it flaps. */
export function checkNotice(world: World, condition: string, notice: string): void {
  const { notices, forgotten } = world.ledger;
  const from = Math.max(forgotten, livedOf(world) - 60 * minute + 1);
  const again = notices.some(
    (one) => one.condition === condition && one.notice === notice && one.lived >= from,
  );
  if (again) broke(world, 'a condition is told once', `${notice}: ${condition}`);
}

/** Starts of one agent that nobody asked for, in an hour. The brake's waits of 30 s, 1, 2, 4, 8, 10 … minutes allow no more. */
const startsPerHour = 10;

export function checkStart(world: World, agent: string): void {
  const { begun } = world.ledger;
  const now = livedOf(world);
  const recent = (begun.get(agent) ?? []).filter((at) => now - at < 60 * minute);
  recent.push(now);
  begun.set(agent, recent);
  if (recent.length > startsPerHour)
    broke(world, 'starts of an agent per hour', `${agent}: ${recent.length}`);
}

/** Time in which nobody watched, by the truth: a boot, a suspension, a step of the clock since the last pass looked. */
function noteGap({ clock, ledger }: World): void {
  const { lastLook: before } = ledger;
  const gap =
    before === null ||
    before.boot !== clock.boot ||
    clock.suspended - before.suspended > minute ||
    Math.abs(clock.stepped - before.stepped) > minute;
  if (gap) ledger.watchedSince = clock.elapsed - clock.bootedAt - clock.suspended;
  ledger.lastLook = { ...clock };
}

/** Nobody is blamed for silence in time nobody watched: a line is typed only after the whole stale time was watched. */
function checkPatience(world: World, plan: Plan, agent: string, finish: boolean): void {
  const { ledger, config } = world;
  const watched = awakeOf(world) - ledger.watchedSince;
  const pane = paneOf(world, agent);
  const age =
    pane?.process === null || pane?.process === undefined ? null : world.clock.elapsed - pane.process.born;
  const { staleMs } = config.tick;
  if (!finish && watched < staleMs)
    broke(world, 'silence in a gap is nobody’s fault', `${agent} after ${watched / minute} min`);
  if (!finish && age !== null && age < config.tick.newbornMs)
    broke(world, 'a newborn is left in peace', `${agent} after ${age / minute} min (${plan.nextDueAt})`);
}

function checkDue(world: World, plan: Plan): void {
  const { tick } = world.config;
  const ahead = Date.parse(plan.nextDueAt) - wallOf(world);
  if (ahead < tick.everyMs || ahead > longestInterval(tick.tiers))
    broke(world, 'the next due time', `${ahead / minute} min ahead`);
}

/** The state after a pass carries no unfinished intent, and the town's own time never runs backwards. */
export function checkOutcome(world: World, plan: Plan, before: State, after: State): void {
  if (after.intent !== null) broke(world, 'an outcome ends the intent', plan.nextDueAt);
  const was = before.clock?.townAwake ?? 0;
  const is = after.clock?.townAwake ?? 0;
  if (is < was) broke(world, 'the town’s time', `${was} → ${is}`);
}

/**
 * While somebody calls every minute, no more than the longest interval passes between two passes; and as much more as the
 * clock was set back in between, which a gate that knows only the wall clock cannot see, but never more than twice.
 */
export function checkGate(world: World, answer: Answer): void {
  const { ledger, config, clock } = world;
  const awake = awakeOf(world);
  const last = ledger.lastGate;
  if (!answer.due && last !== null && last.boot === clock.boot) {
    const longest = longestInterval(config.tick.tiers);
    const back = Math.min(Math.max(0, last.stepped - clock.stepped), longest);
    const since = awake - last.awake;
    if (since > longest + back + 2 * minute)
      broke(world, 'a pass is due in time', `${since / minute} min without one`);
  }
  if (answer.due) ledger.lastGate = { awake, boot: clock.boot, stepped: clock.stepped };
}
