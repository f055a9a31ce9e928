import type { Action, Outcome, Plan } from '../model/plan.ts';
import { type AgentMemory, noMemory, type State } from '../model/state.ts';
import { charge, countedAs } from './bill.ts';
import { settleNotice } from './conditions.ts';
import { resumed } from './resumed.ts';
import { newborn, restartInVain, settleKill, settleNudge, settleStart } from './settle-memory.ts';

/**
 * The state to remember once the actions have been tried. Pure. `begun` is the state the pass began with: a nudge
 * that was put off gives back what the plan had spent for it, everything else stays spent.
 */
export function settle(begun: State, plan: Plan, outcomes: readonly Outcome[], finishedAt: string): State {
  const before = resumed(begun);
  const byAction = new Map(outcomes.map((outcome) => [outcome.action, outcome]));
  const agents: Record<string, AgentMemory> = { ...plan.state.agents };
  let { home, conditions, bill, work } = plan.state;
  const now = momentOf(plan);
  for (const action of plan.actions) {
    const outcome = byAction.get(action.id);
    if (outcome === undefined) continue;
    if (action.kind === 'alert') {
      conditions = settleNotice(conditions, action, outcome, now);
      continue;
    }
    const what = countedAs(action);
    if (what !== null && outcome.result === 'ok') bill = charge(bill, action.agent, what, Date.parse(now.at));
    if (isNoCrash(action, outcome)) work = uncharged(work, before.work, action.agent);
    const memory = agents[action.agent] ?? noMemory;
    agents[action.agent] = settleOne(before.agents[action.agent] ?? noMemory, memory, action, outcome, plan);
    const { socket, serverPid, serverStarted } = outcome;
    if (socket !== null && serverPid !== null && serverStarted !== null)
      home = { socket, serverPid, serverStarted };
  }
  return {
    ...plan.state,
    running: false,
    lastHeartbeat: finishedAt,
    heartbeatCount: plan.state.heartbeatCount + 1,
    home,
    conditions,
    bill,
    work,
    agents: withoutEmpty(agents),
    claims: plan.state.claims.filter(({ message }) => !isEnded(message, plan, byAction)),
    intent: null,
  };
}

function settleOne(
  before: AgentMemory,
  memory: AgentMemory,
  action: Action,
  outcome: Outcome,
  plan: Plan,
): AgentMemory {
  switch (action.kind) {
    case 'start':
    case 'recreate':
      return settleStart(before, memory, outcome, momentOf(plan));
    case 'kill':
      return settleKill(before, memory, outcome, momentOf(plan));
    case 'settle':
      return settleRequest(memory, action, outcome, plan);
    case 'mail':
    case 'alert':
      return memory;
    case 'nudge':
      return settleNudge(before, memory, action, outcome, momentOf(plan));
  }
}

function settleRequest(
  memory: AgentMemory,
  { deed, resumed: again }: Extract<Action, { kind: 'settle' }>,
  outcome: Outcome,
  plan: Plan,
): AgentMemory {
  switch (deed) {
    case 'cycle':
    case 'restart':
      return again && outcome.result === 'failed' && outcome.reason !== 'tmux'
        ? restartInVain(memory, outcome)
        : newborn(memory, outcome, momentOf(plan));
    case 'shutdown':
      return outcome.result === 'ok' ? { ...memory, started: null, troubleSince: null, slot: null } : memory;
    case 'confirm':
    case 'retire':
      return memory;
  }
}

function momentOf({ state }: Plan): { readonly at: string; readonly awake: number } {
  const { clock } = state;
  return { at: new Date(clock?.wall ?? 0).toISOString(), awake: clock?.townAwake ?? 0 };
}

/** Agents of whom there is nothing to remember take no room in the state. */
function withoutEmpty(agents: Readonly<Record<string, AgentMemory>>): Record<string, AgentMemory> {
  const empty = JSON.stringify(noMemory);
  return Object.fromEntries(Object.entries(agents).filter(([, memory]) => JSON.stringify(memory) !== empty));
}

/** Carried out and said so; whatever else became of it may still have to be gone on with. */
function isEnded(message: string, { actions }: Plan, byAction: ReadonlyMap<string, Outcome>): boolean {
  return actions.some((action) => {
    const outcome = byAction.get(action.id);
    const said = outcome?.result === 'ok' && outcome.error === null;
    return action.kind === 'settle' && action.message === message && said;
  });
}

/** It had ended at a usage limit or without a login: that is found out only when its last screen is looked at. */
function isNoCrash({ kind }: Action, { result, reason }: Outcome): boolean {
  const start = kind === 'start' || kind === 'recreate';
  return start && result === 'skipped' && (reason === 'limit' || reason === 'login');
}

/** The agent's work as it stood before its death was counted against it. */
function uncharged(work: State['work'], before: State['work'], agent: string): State['work'] {
  return work.map((one) =>
    one.agent === agent ? (before.find((old) => old.work === one.work) ?? one) : one,
  );
}
