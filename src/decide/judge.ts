import type { AgentId } from '../model/agent.ts';
import type { Action, Note } from '../model/plan.ts';
import type { Warning } from '../model/snapshot.ts';
import type { AgentMemory } from '../model/state.ts';
import { type Budget, fullBudget, spend } from './budget.ts';
import type { Rule, Verdict, View, World } from './rule.ts';

/** What the rules said of all agents. */
export interface Judgement {
  readonly actions: readonly Action[];
  readonly notes: readonly Note[];
  readonly warnings: readonly Warning[];
  readonly memories: Readonly<Record<AgentId, AgentMemory>>;
}

/**
 * Asks the rules about each agent in turn, the town's own first, and keeps the whole pass within its budgets.
 * `only` limits actions, not sight: other agents are still looked at and remembered.
 */
export function judge(
  rules: readonly Rule[],
  views: readonly View[],
  world: World,
  only: AgentId | null,
): Judgement {
  let budget = fullBudget(world.config.tick.budgets);
  const actions: Action[] = [];
  const notes: Note[] = [];
  const warnings: Warning[] = [];
  const memories: Record<AgentId, AgentMemory> = {};
  const postponed = new Map<keyof Budget, number>();
  for (const view of views) {
    const { id } = view.agent;
    const verdict = firstVerdict(rules, view, world);
    memories[id] = view.memory;
    if (verdict === null) continue;
    const { action } = verdict;
    if (action !== undefined) {
      if (only !== null && only !== id) continue;
      const left = spend(budget, action);
      if (typeof left === 'string') {
        postponed.set(left, (postponed.get(left) ?? 0) + 1);
        notes.push({
          agent: id,
          rule: 'budget',
          why: 'budget',
          evidence: { limit: left, postponed: action.kind },
        });
        continue;
      }
      budget = left;
      actions.push(action);
    }
    if (verdict.note !== undefined) notes.push(verdict.note);
    if (verdict.warning !== undefined) warnings.push(verdict.warning);
    memories[id] = verdict.memory ?? view.memory;
  }
  return { actions, notes, warnings: [...warnings, ...limitsReached(postponed, world)], memories };
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
