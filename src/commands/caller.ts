import { statSync } from 'node:fs';
import type { Agent } from '../model/agent.ts';
import { rigAgent, townAgent, worker } from '../town/identity.ts';
import { homeOf } from '../town/layout.ts';
import { realPath } from '../town/path-on-disk.ts';

interface Asked {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * The agent that runs this command, by `GT_ROLE`, `GT_RIG`, `GT_CREW` and `GT_POLECAT` (spec/agents.md §4.2): a word, a
 * compound address, or the dashed form. A word without a rig takes it from the current directory.
 * Null for a person, and for an agent whose home is not in this town.
 */
export function callerOf(town: string, { env, cwd }: Asked): Agent | null {
  const role = (env.GT_ROLE ?? '').trim().replace(/\/$/, '');
  const rig = env.GT_RIG || rigOf(town, cwd);
  const candidates = role.includes('/') ? compound(role) : [...word(role, rig, env), ...dashed(role)];
  return candidates.find((agent) => isNamed(agent) && hasHome(town, agent)) ?? null;
}

function word(role: string, rig: string, env: Asked['env']): readonly Agent[] {
  switch (role) {
    case 'mayor':
    case 'deacon':
      return [townAgent(role)];
    case 'witness':
    case 'refinery':
      return [rigAgent(rig, role)];
    case 'crew':
      return [worker(rig, role, env.GT_CREW ?? '')];
    case 'polecat':
      return [worker(rig, role, env.GT_POLECAT ?? '')];
    default:
      return [];
  }
}

function compound(role: string): readonly Agent[] {
  const [rig = '', kind = '', name, ...more] = role.split('/');
  if (more.length > 0) return [];
  if (name !== undefined) {
    if (kind === 'crew') return [worker(rig, 'crew', name)];
    return kind === 'polecats' ? [worker(rig, 'polecat', name)] : [];
  }
  if (kind === 'witness' || kind === 'refinery') return [rigAgent(rig, kind)];
  return [worker(rig, 'polecat', kind), worker(rig, 'crew', kind)];
}

function dashed(role: string): readonly Agent[] {
  const [, rig = '', kind] = /^(.+)-(witness|refinery)$/.exec(role) ?? [];
  if (kind === 'witness' || kind === 'refinery') return [rigAgent(rig, kind)];
  const [, home = '', workers, name = ''] = /^(.+?)-(crew|polecat)-(.+)$/.exec(role) ?? [];
  return workers === 'crew' || workers === 'polecat' ? [worker(home, workers, name)] : [];
}

/** The first step below the town, if the command runs below it. */
function rigOf(town: string, cwd: string): string {
  const here = realPath(cwd) ?? '';
  return here.startsWith(`${town}/`) ? (here.slice(town.length + 1).split('/')[0] ?? '') : '';
}

/** Names that lead nowhere else: what the environment says becomes part of a path. */
function isNamed(agent: Agent): boolean {
  const parts = [...('rig' in agent ? [agent.rig] : []), ...('name' in agent ? [agent.name] : [])];
  return parts.every((part) => /^[A-Za-z0-9_-]+$/.test(part));
}

/** Whether an agent has its directory in the town. Throws where that cannot be found out: nobody else is taken for it. */
export function hasHome(town: string, agent: Agent): boolean {
  return statSync(homeOf(town, agent), { throwIfNoEntry: false })?.isDirectory() ?? false;
}
