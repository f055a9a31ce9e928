import type { Agent, AgentId } from '../model/agent.ts';
import type { Config } from '../model/config.ts';
import type { Program } from '../model/snapshot.ts';
import { findProgram, isProgram } from '../run.ts';
import { runtimeFor } from '../town/runtime-for.ts';

/**
 * What each agent would run and where that program is. Each distinct program is looked for once.
 * An agent whose runtime is unknown has no entry.
 */
export function findPrograms(
  config: Config,
  agents: readonly Agent[],
  path: readonly string[],
): Readonly<Record<AgentId, Program>> {
  const found = new Map<string, string | null>();
  const find = (program: string): string | null => {
    const before = found.get(program);
    if (before !== undefined) return before;
    const where = program.includes('/') ? absolute(program) : findProgram(program, path);
    found.set(program, where);
    return where;
  };
  return Object.fromEntries(
    agents.flatMap((agent) => {
      const runtime = runtimeFor(config, agent);
      if (!runtime.known) return [];
      const { name, command, processes, hooks = 'none' } = runtime.value;
      const program = { runtime: name, program: command, found: find(command), processes };
      return [[agent.id, hooks === 'none' ? program : { ...program, hooks: true as const }]];
    }),
  );
}

/** A path that depends on the current directory names no program. */
function absolute(path: string): string | null {
  return path.startsWith('/') && isProgram(path) ? path : null;
}
