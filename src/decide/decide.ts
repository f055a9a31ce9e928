import type { AgentId } from '../model/agent.ts';
import type { Config } from '../model/config.ts';
import type { Finding, Note, Plan } from '../model/plan.ts';
import type { Snapshot, Warning } from '../model/snapshot.ts';
import type { AgentMemory, Home, Moment, State } from '../model/state.ts';
import { awaitingRule } from './awaiting.ts';
import { nightBill } from './bill.ts';
import { blockedRule, nextThaw } from './blocked.ts';
import { alertsFor, updateLedger } from './conditions.ts';
import { contextRule } from './context-full.ts';
import { crashRule } from './crash.ts';
import { countDeaths, type Incident } from './deaths.ts';
import { ensureRule } from './ensure.ts';
import { noteFirstSigns } from './first-signs.ts';
import { countFollowed } from './followed.ts';
import { advanceClock, gapSince } from './gap.ts';
import { guppRule } from './gupp.ts';
import { heldRule } from './held.ts';
import { nextInterval } from './interval.ts';
import { type Judgement, judge } from './judge.ts';
import { claimsAfter, lifecycleRule, requestsIn } from './lifecycle.ts';
import { misprimedRule } from './misprimed.ts';
import { newbornRule } from './newborn.ts';
import { observedIn, townUnseen } from './observed.ts';
import { matchesNobody, orphansIn } from './orphans.ts';
import { overloadOf } from './overload.ts';
import { holdsUnread, interrupted } from './pass-warnings.ts';
import { pokeRule } from './poke.ts';
import { resumed } from './resumed.ts';
import type { Rule, View, World } from './rule.ts';
import { pendingSpawns } from './spawns.ts';
import { staleRule } from './stale.ts';
import { isDeepest, longestInterval, tierFor } from './tier.ts';
import { dueTimers } from './timers.ts';
import { unknownRule } from './unknown.ts';
import { viewAgents } from './view.ts';
import { rememberWork } from './work-memory.ts';
import { isOutOfSight } from './work-unknown.ts';
import { zombieRule } from './zombie.ts';

/**
 * The rules of the heartbeat, in their order (design: one pass). For each agent the first rule that has something to
 * say decides; the rules after it do not see that agent in this pass.
 */
const rules: readonly Rule[] = [
  unknownRule,
  heldRule,
  lifecycleRule,
  blockedRule,
  contextRule,
  newbornRule,
  ensureRule,
  zombieRule,
  misprimedRule,
  awaitingRule,
  pokeRule,
  crashRule,
  staleRule,
  guppRule,
];

/** The part of a pass that answers requests at once: `gt lifecycle process`. */
const lifecycleRules: readonly Rule[] = [unknownRule, heldRule, lifecycleRule];

export interface Manner {
  /** The pass this plan belongs to. */
  readonly pass: string;
  /** The state came from its backup. */
  readonly careful: boolean;
  /** Act on this agent alone; null: on all. */
  readonly only: AgentId | null;
  /** `lifecycle`: answer requests and leave everything else to the next heartbeat. */
  readonly part: 'all' | 'lifecycle';
}

/**
 * Snapshot, state and configuration → what to do, why, why not, and what to remember.
 * Total, synchronous and pure: the same input gives the same plan, today and in a replay.
 */
export function decide(snapshot: Snapshot, remembered: State, config: Config, manner: Manner): Plan {
  const state = resumed(remembered);
  const { tick } = config;
  const gap = gapSince(state.clock, snapshot.now, longestInterval(tick.tiers));
  const clock = advanceClock(state.clock, snapshot.now, gap);
  const now: Moment = { at: new Date(snapshot.now.wall).toISOString(), awake: clock.townAwake };
  const idle = idleTime(snapshot);
  const tier = tierFor(idle, tick.tiers);
  const requests = requestsIn(snapshot, state);
  const memories = rememberWork(state.work, snapshot, now);
  const viewed = viewAgents(snapshot, state, config, requests, memories, now);
  const seen = noteFirstSigns(viewed, snapshot, now, tick);
  // Deaths, and what befell many at once, are for a whole pass to find.
  const all = manner.part === 'all';
  // Where something is in the way of looking, what is not seen has not died.
  const deaths =
    all && snapshot.obstacles.length === 0
      ? countDeaths(seen, memories, { snapshot, state, gap, now, config })
      : { views: seen, work: memories, incident: null };
  const { work, incident } = deaths;
  const { views, bill } = countFollowed(deaths.views, state.bill, snapshot, now);
  const overload = overloadOf(snapshot.machine, tick.machine);
  const world: World = {
    snapshot,
    config,
    now,
    gap,
    agesFrom: clock.agesFrom,
    careful: manner.careful,
    deeplyIdle: isDeepest(tier) || !snapshot.activity.known,
    troubled: views.some(isInTrouble),
    overload,
    thaws: nextThaw(views, snapshot, now, manner.careful, tick.brakes, overload !== null)?.agent.id ?? null,
  };
  const obstructed = snapshot.obstacles.length > 0;
  const occasions = [
    ...(all ? dueTimers(snapshot, views, manner.careful) : []),
    ...pendingSpawns(snapshot, views, tick.spawnMs, manner.careful),
  ];
  const night = nightBill(state.night, snapshot.now.wall, tick.night);
  const judged = obstructed
    ? nothing(views, night)
    : judge(all ? rules : lifecycleRules, views, occasions, world, manner.only, night);
  const retired = obstructed || manner.only !== null ? [] : requests.retired;
  const conditions = all
    ? ledgerAfter(judged, views, incident, work, world, state.conditions)
    : state.conditions;
  const alerts = all && manner.only === null ? alertsFor(conditions) : [];
  const actions = [...retired, ...judged.actions, ...alerts];
  const { notes } = judged;
  const warnings = [
    ...snapshot.warnings,
    ...holdsUnread(snapshot),
    ...interrupted(state),
    ...judged.warnings,
  ];
  const intervalMs = nextInterval(tier.intervalMs, notes, actions, snapshot.now.wall, tick);
  return {
    actions,
    notes,
    warnings,
    findings: views.map(findingOf),
    state: {
      ...state,
      startedAt: state.startedAt ?? now.at,
      clock,
      home: homeOf(snapshot, state),
      rigs: snapshot.rigs.known ? snapshot.rigs.value.map((rig) => rig.name) : state.rigs,
      agents: { ...unseenMemories(state, snapshot), ...judged.memories },
      claims: claimsAfter(actions, snapshot, state),
      work,
      conditions,
      bill,
      night: judged.night,
      intent: actions.length === 0 ? null : { pass: manner.pass, at: now.at, actions },
    },
    idleSeconds: idle === null ? null : Math.max(0, Math.round(idle / 1000)),
    intervalSeconds: Math.round(intervalMs / 1000),
    nextDueAt: new Date(snapshot.now.wall + intervalMs).toISOString(),
    exit: exitOf(snapshot, warnings, notes, views),
  };
}

/** It should run and is known not to. */
function isInTrouble({ wanted, hold, liveness: { is } }: View): boolean {
  return wanted && hold === null && (is === 'absent' || is === 'dead' || is === 'shell');
}

/** What is wrong as this pass sees it, entered in the ledger. */
function ledgerAfter(
  { memories, warnings }: Judgement,
  views: readonly View[],
  incident: Incident | null,
  work: State['work'],
  { snapshot, config: { tick }, now, troubled }: World,
  ledger: State['conditions'],
): State['conditions'] {
  const current = views.map((view) => {
    const memory = memories[view.agent.id];
    return memory === undefined || memory === view.memory ? view : { ...view, memory };
  });
  const observed = observedIn({
    snapshot,
    views: current,
    incident,
    orphans: orphansIn(snapshot, current, work),
    unmatched: matchesNobody(snapshot, current) && snapshot.hooked.known ? snapshot.hooked.value.length : 0,
    warnings,
    troubled,
    ledger,
    tick,
  });
  const unseen = townUnseen(snapshot) !== null;
  return updateLedger(ledger, observed, now, tick.alerts, (one) => unseen || isOutOfSight(one, snapshot));
}

/** A pass that met an obstacle looks, remembers and does nothing. */
function nothing(views: readonly View[], night: Judgement['night']): Judgement {
  const memories = Object.fromEntries(views.map((view) => [view.agent.id, view.memory]));
  return { actions: [], notes: [], warnings: [], memories, night };
}

/** Milliseconds since somebody last worked here; null: unknown. */
function idleTime({ activity, now }: Snapshot): number | null {
  return activity.known && activity.value !== null ? now.wall - activity.value : null;
}

/** The tmux server this town lives in: the one that carries our sessions now, else the one we knew. */
function homeOf({ tmux, town }: Snapshot, state: State): Home | null {
  if (!tmux.known || tmux.value.kind === 'absent') return state.home;
  const { socket, pid, started, panes } = tmux.value;
  return panes.some((pane) => pane.town === town)
    ? { socket, serverPid: pid, serverStarted: started }
    : state.home;
}

/** While the rigs cannot be read, nobody of theirs is forgotten. */
function unseenMemories(state: State, { rigs }: Snapshot): Readonly<Record<AgentId, AgentMemory>> {
  return rigs.known ? {} : state.agents;
}

function findingOf({ agent, session, wanted, hold, liveness }: View): Finding {
  return { agent: agent.id, session, wanted, held: hold !== null, liveness };
}

/**
 * 69 when something needed to act is missing or the store does not answer, 1 when something cannot be read, or a brake or
 * somebody else's session keeps down what should run, else 0 (design/contract.md §1).
 */
function exitOf(
  { obstacles, rigs, holds, hooked, silentRigs = [] }: Snapshot,
  warnings: readonly Warning[],
  notes: readonly Note[],
  views: readonly View[],
): number {
  const [first] = obstacles;
  if (first !== undefined) return first.exit;
  if (warnings.some((warning) => warning.code === 'program-missing')) return 69;
  if (!hooked.known) return 69;
  if (notes.some(({ rule, why }) => rule === 'brake' && why !== 'ended-by-hand')) return 1;
  if (views.some(({ wanted, hold, liveness }) => wanted && hold === null && liveness.is === 'foreign'))
    return 1;
  return rigs.known && holds.known && silentRigs.length === 0 ? 0 : 1;
}
