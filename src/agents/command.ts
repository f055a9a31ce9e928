import type { Agent } from '../model/agent.ts';
import type { Config } from '../model/config.ts';
import type { Layout } from '../town/layout.ts';
import { environmentOf } from './environment.ts';
import { runtimeOf } from './runtime.ts';
import { startupText } from './startup-text.ts';

/** Everything tmux needs to start an agent as a pane's own process. */
export interface Launch {
  /** `env -u … PATH=… PROGRAM ARGS… [PROMPT]`; never a single word, which tmux would hand to a shell. */
  readonly argv: readonly [string, string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
  readonly cwd: string;
  /** What is to be found on `env.PATH`, or a path. */
  readonly program: string;
}

/**
 * The one place that makes an agent's command line: a first start, a new agent in an old pane and a requested restart
 * run the same bytes (spec/agents.md §1.0.4, spec/tick.md §3.3). Flags come from the settings alone; none is added.
 */
export function launchOf({
  agent,
  layout,
  config,
  operatorEnv,
  session,
  cwd,
}: {
  readonly agent: Agent;
  readonly layout: Layout;
  readonly config: Config;
  readonly operatorEnv: Readonly<Record<string, string | undefined>>;
  readonly session: string;
  /** The directory it works in; it exists. */
  readonly cwd: string;
}): Launch {
  const runtime = runtimeOf(config, agent);
  const { set, unset } = environmentOf({ agent, layout, config, operatorEnv, session });
  const prompt = runtime.prompt === 'argument' ? [startupText(agent)] : [];
  // tmux gives a pane its client's PATH, whatever the pane's environment says.
  const path = `PATH=${set.PATH ?? ''}`;
  const program = [path, runtime.command, ...runtime.args, ...prompt];
  const [second = runtime.command, ...others] = [...unset.flatMap((name) => ['-u', name]), ...program];
  return {
    argv: ['env', second, ...others],
    env: set,
    unset,
    cwd,
    program: runtime.command,
  };
}
