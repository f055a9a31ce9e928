import type { Agent } from '../model/agent.ts';
import type { Config, Runtime } from '../model/config.ts';
import { type Fact, known, unknown } from '../model/fact.ts';

/** A runtime with the name under which the settings or the presets describe it. */
export interface NamedRuntime extends Runtime {
  readonly name: string;
}

/**
 * What an agent runs (spec/agents.md §6.3): `chosen` by the caller, else the crew worker's own, else its role's in
 * the rig, its role's in the town, the rig's, the town's default. Unknown when the rig's settings cannot be used.
 */
export function runtimeFor(config: Config, agent: Agent, chosen: string | null = null): Fact<NamedRuntime> {
  const settings = 'rig' in agent ? own(config.rigs ?? {}, agent.rig) : undefined;
  if (settings !== undefined && !settings.known) return settings;
  const rig = settings?.value;
  const name =
    chosen ??
    (agent.role === 'crew' ? own(config.crewAgents ?? {}, agent.name) : undefined) ??
    own(rig?.roleAgents ?? {}, agent.role) ??
    own(config.roleAgents, agent.role) ??
    rig?.agent ??
    config.defaultAgent;
  const runtime = own(rig?.runtimes ?? {}, name) ?? own(config.runtimes, name);
  return runtime === undefined
    ? unknown(`${agent.id} is to run ${JSON.stringify(name)}, which no settings describe`)
    : known({ name, ...runtime });
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
