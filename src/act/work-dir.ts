import { mkdirSync, statSync } from 'node:fs';
import type { Agent } from '../model/agent.ts';
import { workDirsOf } from '../town/layout.ts';

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

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
