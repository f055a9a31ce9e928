import type { AgentId } from '../model/agent.ts';
import type { NightBill } from '../model/bill.ts';
import type { Action, Note } from '../model/plan.ts';
import type { Warning } from '../model/snapshot.ts';
import type { AgentMemory } from '../model/state.ts';
import { braked } from './braked.ts';
import { type Budget, fullBudget, spend } from './budget.ts';
import { spendNight } from './ceiling.ts';
import { eased, overloadWarnings } from './overload.ts';
import type { Rule, Verdict, View, World } from './rule.ts';

/** What the rules said of all agents. */
export interface Judgement {
  readonly actions: readonly Action[];
  readonly notes: readonly Note[];
  readonly warnings: readonly Warning[];
  readonly memories: Readonly<Record<AgentId, AgentMemory>>;
  readonly night: NightBill | null;
}

/** A verdict that does not come from a rule about one agent's state: a timer of its has run out, say. */
export interface Occasion {
  readonly agent: AgentId;
  readonly verdict: Verdict;
}

/**
 * Asks the rules about each agent in turn, the town's own first, then takes up the occasions, and keeps the whole pass
 * within its budgets. `only` limits actions, not sight: other agents are still looked at and remembered.
 */
export function judge(
  rules: readonly Rule[],
  views: readonly View[],
  occasions: readonly Occasion[],
  world: World,
  only: AgentId | null,
  nightBefore: NightBill | null,
): Judgement {
  let night = nightBefore;
  let budget = fullBudget(world.config.tick.budgets);
  const actions: Action[] = [];
  const notes: Note[] = [];
  const warnings: Warning[] = [];
  const memories: Record<AgentId, AgentMemory> = {};
  const postponed = new Map<keyof Budget, number>();
  const ceilings = new Set<'starts' | 'nudges'>();
  const mayAct = (agent: AgentId, action: Action): boolean => {
    if (only !== null && only !== agent) return false;
    const spent = spendNight(night, action, world.config.tick.night);
    if (typeof spent === 'string') {
      ceilings.add(spent);
      notes.push({
        agent,
        rule: 'budget',
        why: 'ceiling',
        evidence: { limit: spent, postponed: action.kind },
      });
      return false;
    }
    const left = spend(budget, action);
    if (typeof left !== 'string') {
      budget = left;
      night = spent;
      actions.push(action);
      return true;
    }
    postponed.set(left, (postponed.get(left) ?? 0) + 1);
    notes.push({ agent, rule: 'budget', why: 'budget', evidence: { limit: left, postponed: action.kind } });
    return false;
  };
  const take = (agent: AgentId, { action, note, warning, memory }: Verdict) => {
    if (action !== undefined && !mayAct(agent, action)) return;
    if (note !== undefined) notes.push(note);
    if (warning !== undefined) warnings.push(warning);
    if (memory !== undefined) memories[agent] = memory;
  };
  for (const view of views) {
    memories[view.agent.id] = view.memory;
    const verdict = firstVerdict(rules, view, world);
    if (verdict !== null) take(view.agent.id, eased(braked(verdict, view, world), view, world));
  }
  for (const { agent, verdict } of occasions) take(agent, verdict);
  const limits = [
    ...limitsReached(postponed, world),
    ...ceilingsReached(ceilings, world),
    ...overloadWarnings(notes, world),
  ];
  return { actions, notes, warnings: [...warnings, ...limits], memories, night };
}

function firstVerdict(rules: readonly Rule[], view: View, world: World): Verdict | null {
  for (const rule of rules) {
    const verdict = rule(view, world);
    if (verdict !== null) return verdict;
  }
  return null;
}

function limitsReached(postponed: ReadonlyMap<keyof Budget, number>, { config }: World): readonly Warning[] {
  return [...postponed].map(([limit, count]) => ({
    code: 'budget-reached',
    message: `This pass may do ${config.tick.budgets[limit]} ${limit} (tick.budgets.${limit}); ${count} more wait for the next pass.`,
  }));
}

function ceilingsReached(ceilings: ReadonlySet<'starts' | 'nudges'>, { config }: World): readonly Warning[] {
  return [...ceilings].map((limit) => ({
    code: 'ceiling',
    message: `The town has had its ${config.tick.night[limit]} ${limit} for this night (tick.night.${limit}); no more before the night is over.`,
  }));
}
