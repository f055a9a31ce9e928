import { exitStatus, Failure } from '../exit.ts';
import type { Agent } from '../model/agent.ts';
import type { Config } from '../model/config.ts';
import { type NamedRuntime, runtimeFor } from '../town/runtime-for.ts';

/**
 * What an agent runs, for those who are about to start it or to type into it.
 * Throws a {@link Failure} when the settings do not tell.
 */
export function runtimeOf(config: Config, agent: Agent): NamedRuntime {
  const runtime = runtimeFor(config, agent);
  if (runtime.known) return runtime.value;
  throw new Failure('runtime-unknown', exitStatus.config, runtime.reason, 'gt config show');
}
