import type { Config, Runtime } from '../model/config.ts';
import type { LoadedConfig } from './settings.ts';
import { overlay } from './settings.ts';
import { defaultSettings } from './settings-defaults.ts';
import { isObject } from './settings-problem.ts';
import { at } from './settings-rules.ts';

/** One setting as it holds, in the form of the file. `origin` is `default`, `preset` or the file that says so. */
export interface Setting {
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
}

/** Every setting that holds in a town, and the agents that something in it runs. Values of variables are not shown. */
export function effectiveSettings({ config, written }: LoadedConfig, file: string): readonly Setting[] {
  const { agents, ...rest } = written;
  const plain = leaves(overlay(defaultSettings, rest), '').map(
    ([key, value]): Setting => ({ key, value, origin: at(rest, key) !== undefined ? file : 'default' }),
  );
  const described = isObject(agents) ? agents : {};
  const runtimes = agentsInUse(config, Object.keys(described)).flatMap((name) => {
    const runtime = Object.hasOwn(config.runtimes, name) ? config.runtimes[name] : undefined;
    const entry = described[name];
    const origin = (key: string) => (isObject(entry) && Object.hasOwn(entry, key) ? file : 'preset');
    return runtime === undefined ? [] : runtimeSettings(`agents.${name}`, runtime, origin);
  });
  return [...plain, ...runtimes, ...rigSettings(config, file)];
}

function runtimeSettings(key: string, runtime: Runtime, origin: (key: string) => string): readonly Setting[] {
  const hidden = Object.fromEntries(Object.keys(runtime.env).map((name) => [name, '…']));
  const { command, args, processes, prompt, composer, busy, context = [], hooks = 'none' } = runtime;
  const values = {
    command,
    args,
    env: hidden,
    process_names: processes,
    prompt,
    composer,
    busy,
    context,
    hooks,
  };
  return Object.entries(values).map(([name, value]) => ({
    key: `${key}.${name}`,
    value,
    origin: origin(name),
  }));
}

function rigSettings(config: Config, townFile: string): readonly Setting[] {
  const root = townFile.slice(0, -'/settings/config.json'.length);
  return Object.entries(config.rigs ?? {}).flatMap(([rig, choices]) => {
    const origin = `${root}/${rig}/settings/config.json`;
    if (!choices.known) return [];
    const { agent, roleAgents, runtimes } = choices.value;
    const roles = Object.entries(roleAgents).map(([role, name]) => ({
      key: `rigs.${rig}.role_agents.${role}`,
      value: name,
      origin,
    }));
    const own = Object.entries(runtimes).flatMap(([name, runtime]) =>
      runtimeSettings(`rigs.${rig}.agents.${name}`, runtime, () => origin),
    );
    return [
      ...(agent === null ? [] : [{ key: `rigs.${rig}.agent`, value: agent, origin }]),
      ...roles,
      ...own,
    ];
  });
}

function agentsInUse(config: Config, described: readonly string[]): readonly string[] {
  const chosen = [
    config.defaultAgent,
    ...Object.values(config.roleAgents),
    ...Object.values(config.crewAgents ?? {}),
  ];
  return [...new Set([...chosen, ...described])];
}

function leaves(value: unknown, key: string): readonly [string, unknown][] {
  if (!isObject(value) || Array.isArray(value)) return [[key, value]];
  return Object.keys(value).flatMap((name) => leaves(value[name], key === '' ? name : `${key}.${name}`));
}
