import type { Snapshot } from '../model/snapshot.ts';
import { runtimeFor } from '../town/runtime-for.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined } from './finding.ts';

/** A program that agents run. */
export interface AgentProgram {
  readonly program: string;
  /** Absolute; null: not found. */
  readonly found: string | null;
  readonly agents: readonly string[];
  /** It was told not to ask before it acts. */
  readonly unasked: boolean;
}

export const examinePrograms: Examine = ({ snapshot, config, path, layout }) => {
  if (snapshot === null) return { name: 'programs', saw: 'not looked at', findings: [] };
  const unasked = new Set(
    snapshot.agents.flatMap((agent) => {
      const runtime = runtimeFor(config, agent);
      return runtime.known && [...runtime.value.args, ...Object.values(runtime.value.env)].some(skipsAsking)
        ? [runtime.value.command]
        : [];
    }),
  );
  return judgePrograms(programsIn(snapshot, unasked), path, layout.root);
};

/** Can every program be found that an agent is to run (F12)? Which of them act without asking is told (F88). */
export function judgePrograms(
  programs: readonly AgentProgram[],
  path: readonly string[],
  town: string,
): Examined {
  const missing = programs.filter(({ found }) => found === null);
  return {
    name: 'programs',
    saw: programs.map(lineOf).join('; ') || 'nobody runs anything yet',
    facts: Object.fromEntries(programs.map(({ program, found }) => [`program ${program}`, found])),
    findings: missing.map(({ program, agents }) => ({
      code: 'program-missing',
      message: `${program}, which ${listed(agents)} would run, was not found in ${path.join(':') || 'an empty search path'}. Install it, or name its directory in tick.path of settings/config.json.`,
      since: null,
      remedy: `gt config show --town ${shellWord(town)}`,
    })),
  };
}

function programsIn({ programs }: Snapshot, unasked: ReadonlySet<string>): readonly AgentProgram[] {
  const byName = new Map<string, AgentProgram>();
  for (const [agent, { program, found }] of Object.entries(programs)) {
    const before = byName.get(program)?.agents ?? [];
    byName.set(program, { program, found, agents: [...before, agent], unasked: unasked.has(program) });
  }
  return [...byName.values()];
}

function lineOf({ program, found, agents, unasked }: AgentProgram): string {
  const where = found === null ? 'not found' : found;
  return `${program} (${where}) for ${listed(agents)}${unasked ? ', acts without asking' : ''}`;
}

function listed(agents: readonly string[]): string {
  const rest = agents.length - 3;
  return `${agents.slice(0, 3).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** The flags with which the runtimes that we know stop asking. */
function skipsAsking(argument: string): boolean {
  return /^--dangerously|^--?yolo$|^yolo$|^auto-approve$|"\*":\s*"allow"/.test(argument);
}
