import { lstatSync } from 'node:fs';
import * as v from 'valibot';
import type { RigChoices, Runtime } from '../model/config.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import { readJson } from '../persist/json.ts';
import { describedRuntime, describedRuntimes } from './runtimes.ts';
import { describeProblem, type Problem, problemsOf, unknownKeys } from './settings-problem.ts';
import { rigContradictions } from './settings-rules.ts';
import { rigSettings } from './settings-schema.ts';

/**
 * What rigs' own settings say about their agents (spec/agents.md §6.3), only for rigs that have such a file. Settings
 * that cannot be used are unknown: that rig then starts nothing, since the wrong runtime could do harm.
 */
export function readRigChoices(
  root: string,
  rigs: readonly string[],
  townRuntimes: Readonly<Record<string, Runtime>>,
): { readonly rigs: Readonly<Record<string, Fact<RigChoices>>>; readonly problems: readonly Problem[] } {
  const found: [string, Fact<RigChoices>][] = [];
  const problems: Problem[] = [];
  for (const rig of rigs) {
    const file = `${root}/${rig}/settings/config.json`;
    if (isMissing(file)) continue;
    const read = readJson(file);
    if (read.kind === 'absent') continue;
    const choices = read.kind === 'ok' ? parse(file, read.value, townRuntimes) : [whole(file, read)];
    if (!Array.isArray(choices)) found.push([rig, known(choices)]);
    else {
      problems.push(...choices);
      found.push([rig, unknown(choices.map(describeProblem).join('; '))]);
    }
  }
  return { rigs: Object.fromEntries(found), problems };
}

function parse(
  file: string,
  value: unknown,
  townRuntimes: Readonly<Record<string, Runtime>>,
): RigChoices | Problem[] {
  const parsed = v.safeParse(rigSettings, value);
  if (!parsed.success) return [...problemsOf(file, parsed.issues)];
  // The file's other sections are upstream's, so only what is ours is held to the known keys.
  const misspelt = unknownKeys(file, rigSettings, value).filter(
    ({ key, nearest }) => key.includes('.') || nearest !== null,
  );
  const { agent, agents, role_agents, runtime } = parsed.output;
  const problems = [...misspelt, ...rigContradictions(file, parsed.output, Object.keys(townRuntimes))];
  if (problems.length > 0) return problems;
  const own = runtime === undefined ? null : describedRuntime(runtime, townRuntimes.claude);
  return {
    agent: agent ?? (own === null ? null : 'runtime'),
    roleAgents: role_agents,
    runtimes: { ...(own === null ? {} : { runtime: own }), ...describedRuntimes(agents, townRuntimes) },
  };
}

function whole(
  file: string,
  read:
    | { readonly kind: 'unreadable'; readonly message: string }
    | { readonly kind: 'invalid'; readonly reason: string },
): Problem {
  const problem = read.kind === 'invalid' ? read.reason : `cannot be read: ${read.message}`;
  return { file, key: '', value: undefined, problem, nearest: null };
}

/** Asked first, since most rigs have no such file and failing to open one costs more than looking. */
function isMissing(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
