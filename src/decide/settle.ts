import type { Action, Outcome, Plan, RequestDeed } from '../model/plan.ts';
import { type AgentMemory, noMemory, type State } from '../model/state.ts';
import { resumed } from './resumed.ts';

/**
 * The state to remember once the actions have been tried. Pure. `begun` is the state the pass began with: a nudge
 * that was put off gives back what the plan had spent for it, everything else stays spent.
 */
export function settle(begun: State, plan: Plan, outcomes: readonly Outcome[], finishedAt: string): State {
  const before = resumed(begun);
  const byAction = new Map(outcomes.map((outcome) => [outcome.action, outcome]));
  const agents: Record<string, AgentMemory> = { ...plan.state.agents };
  let { home } = plan.state;
  for (const action of plan.actions) {
    const outcome = byAction.get(action.id);
    if (outcome === undefined) continue;
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
      return newborn(memory, outcome, plan);
    case 'settle':
      return settleRequest(memory, action.deed, outcome, plan);
    case 'mail':
      return memory;
    case 'nudge':
      return settleNudge(before, memory, outcome, plan);
  }
}

/** A new process: nothing that was known of its predecessor counts for it. */
function newborn(memory: AgentMemory, outcome: Outcome, plan: Plan): AgentMemory {
  const { pane, panePid, serverPid } = outcome;
  if (outcome.result !== 'ok' || pane === null || panePid === null || serverPid === null) return memory;
  return {
    ...memory,
    started: { ...momentOf(plan), pane, panePid, serverPid },
    shellSightings: 0,
    troubleSince: null,
    backoff: null,
    slot: null,
    deferrals: null,
  };
}

function settleRequest(memory: AgentMemory, deed: RequestDeed, outcome: Outcome, plan: Plan): AgentMemory {
  switch (deed) {
    case 'cycle':
    case 'restart':
      return newborn(memory, outcome, plan);
    case 'shutdown':
      return outcome.result === 'ok' ? { ...memory, started: null, troubleSince: null, slot: null } : memory;
    case 'confirm':
    case 'retire':
      return memory;
  }
}

function settleNudge(before: AgentMemory, memory: AgentMemory, outcome: Outcome, plan: Plan): AgentMemory {
  if (outcome.result === 'ok') {
    return {
      ...memory,
      slot: memory.slot === null ? null : { ...memory.slot, stranded: false },
      deferrals: null,
    };
  }
  const reason = outcome.reason ?? outcome.error ?? outcome.result;
  const deferrals = {
    count: (before.deferrals?.count ?? 0) + 1,
    reason,
    since: before.deferrals?.since ?? momentOf(plan).at,
  };
  if (reason === 'stranded') {
    return { ...memory, slot: memory.slot === null ? null : { ...memory.slot, stranded: true }, deferrals };
  }
  return {
    ...memory,
    backoff: before.backoff,
    slot: before.slot,
    lastMessage: before.lastMessage,
    deferrals,
  };
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
