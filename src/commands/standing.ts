import type { Agent } from '../model/agent.ts';
import { rigAgent, townAgent, worker } from '../town/identity.ts';
import { realPath } from '../town/path-on-disk.ts';
import { callerOf, hasHome } from './caller.ts';

interface Asked {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * The agent a command speaks for: the one that `GT_ROLE` names, else whose place the current directory is. Where it names
 * nobody of this town, a directory makes nobody of another role out of whoever asks.
 */
export function actingAgent(root: string, asked: Asked): Agent | null {
  const called = callerOf(root, asked);
  if (called !== null) return called;
  const role = (asked.env.GT_ROLE ?? '').trim().replace(/\/$/, '');
  const standing = standingAgent(root, asked.cwd);
  return role === '' || standing?.role === role ? standing : null;
}

/**
 * Whose place a directory is (spec/agents.md §4.2): the town's own is the mayor's. Null where nobody lives, and for the
 * place of an agent that has no home.
 */
export function standingAgent(root: string, cwd: string): Agent | null {
  const here = realPath(cwd) ?? '';
  if (here !== root && !here.startsWith(`${root}/`)) return null;
  const [first = '', second = '', third = ''] = here.slice(root.length + 1).split('/');
  const agent = placed(first, second, third);
  return agent !== null && hasHome(root, agent) ? agent : null;
}

function placed(first: string, second: string, third: string): Agent | null {
  if (first === '' || first === 'mayor') return townAgent('mayor');
  if (first === 'deacon') return townAgent('deacon');
  if (second === 'mayor') return townAgent('mayor');
  if (second === 'witness' || second === 'refinery') return rigAgent(first, second);
  if (third === '' || third.startsWith('.')) return null;
  if (second === 'crew') return worker(first, 'crew', third);
  return second === 'polecats' ? worker(first, 'polecat', third) : null;
}

/** The rig a command is about when none is named: `GT_RIG`, else the one the current directory lies in. Null: none. */
export function standingRig(root: string, { env, cwd }: Asked, rigs: readonly string[]): string | null {
  const agent = callerOf(root, { env, cwd });
  const here = realPath(cwd) ?? '';
  const first = here.startsWith(`${root}/`) ? here.slice(root.length + 1).split('/')[0] : undefined;
  const candidates = [agent !== null && 'rig' in agent ? agent.rig : undefined, env.GT_RIG, first];
  return candidates.find((rig) => rig !== undefined && rigs.includes(rig)) ?? null;
}
