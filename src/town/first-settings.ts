import { isAbsolute, resolve } from 'node:path';
import { exitStatus, Failure } from '../exit.ts';
import type { Runtime } from '../model/config.ts';
import { findProgram } from '../run.ts';
import { nearest } from './nearest.ts';
import { isDirectory } from './path-on-disk.ts';
import { presets, runtime } from './runtime-presets.ts';
import { splitWords } from './split-words.ts';

/** The agent that a new town is to run. */
export interface ChosenAgent {
  readonly name: string;
  readonly runtime: Runtime;
  /** Where its program is; null when it is nowhere on the search path. */
  readonly found: string | null;
}

/**
 * Reads `--agent`: a preset's name, or a command line that becomes the agent `custom`. A single word that is neither a
 * preset nor a program is refused with the preset that was probably meant.
 */
export function chooseAgent(given: string, cwd: string, searchPath: readonly string[]): ChosenAgent {
  const preset = Object.hasOwn(presets, given) ? presets[given] : undefined;
  if (preset !== undefined)
    return { name: given, runtime: preset, found: findProgram(preset.command, searchPath) };
  const split = splitWords(given);
  if (split.kind === 'refused')
    throw new Failure('agent-invalid', exitStatus.usage, split.reason, 'gt install --help');
  const [program = '', ...args] = split.words;
  const command = program.includes('/') ? resolve(cwd, program) : program;
  const found = command.includes('/') ? whole(command) : findProgram(command, searchPath);
  const meant = nearest(program, Object.keys(presets));
  if (found === null && args.length === 0 && !program.includes('/')) {
    throw new Failure(
      'agent-unknown',
      exitStatus.usage,
      `${program} is neither a preset (${Object.keys(presets).join(', ')}) nor a program on the search path.`,
      meant === null ? 'gt install --agent claude' : `gt install --agent ${meant}`,
    );
  }
  return { name: 'custom', runtime: runtime(command, args), found };
}

/**
 * The first `settings/config.json` of a town. The agent's command line is spelled out, flags included, so that what
 * agents may do stands in the operator's own file. Schedulers come with a bare search path: the caller's is recorded.
 */
export function firstSettings({
  agent,
  socket,
  store,
  env,
}: {
  readonly agent: ChosenAgent;
  readonly socket: string | undefined;
  /** What was asked for; only then is it written down. */
  readonly store?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Readonly<Record<string, unknown>> {
  const { command, args, env: variables } = agent.runtime;
  const tmpdir = env.TMUX_TMPDIR;
  return {
    type: 'town-settings',
    version: 1,
    default_agent: agent.name,
    agents: {
      [agent.name]: { command, args, ...(Object.keys(variables).length === 0 ? {} : { env: variables }) },
    },
    role_agents: {},
    ...(store === undefined ? {} : { store }),
    tick: {
      ...(socket === undefined ? {} : { socket }),
      ...(tmpdir && isAbsolute(tmpdir) ? { tmux_tmpdir: tmpdir } : {}),
      path: existingDirectories(env.PATH ?? ''),
    },
  };
}

/** The absolute directories of a `PATH` that exist, each once. */
function existingDirectories(path: string): readonly string[] {
  return [...new Set(path.split(':'))].filter(
    (dir) => isAbsolute(dir) && !/[\u0000-\u001f\u007f]/.test(dir) && isDirectory(dir),
  );
}

function whole(command: string): string | null {
  const cut = command.lastIndexOf('/');
  return findProgram(command.slice(cut + 1), [command.slice(0, cut) || '/']);
}
