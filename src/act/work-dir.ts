import { mkdirSync } from 'node:fs';
import type { Agent } from '../model/agent.ts';
import { workDirsOf } from '../town/layout.ts';
import { isDirectory } from '../town/path-on-disk.ts';

/** Does this agent work in a work tree of git, where work of its own may be? */
export function hasWorkspace({ role }: Agent): boolean {
  return role === 'crew' || role === 'polecat' || role === 'refinery';
}

/**
 * The directory an agent starts in: the first of its work directories that exists (spec/agents.md §1.1.4). Only the
 * deacon's own is made when it is missing; a worker's clone that is gone is for people to judge.
 * Null when there is none.
 */
export function workDirOf(root: string, agent: Agent): string | null {
  const wanted = workDirsOf(root, agent);
  const found = wanted.find(isDirectory);
  const [first] = wanted;
  if (found !== undefined || agent.role !== 'deacon' || first === undefined) return found ?? null;
  try {
    mkdirSync(first, { mode: 0o700 });
    return first;
  } catch {
    return null;
  }
}
