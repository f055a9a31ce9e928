import { nearest } from './nearest.ts';
import { presets } from './runtime-presets.ts';
import type { Problem } from './settings-problem.ts';
import type { RigSettings, TownSettings } from './settings-schema.ts';

type Finding = Omit<Problem, 'file' | 'nearest'> & { readonly nearest?: string | null };

/** What single values cannot show: settings that contradict each other, and agents that nothing describes. */
export function townContradictions(
  file: string,
  written: unknown,
  settings: TownSettings,
): readonly Problem[] {
  const { tick } = settings;
  const value = (key: string) => at(written, key);
  const found: Finding[] = [];
  if (tick.stale >= tick.very_stale) {
    const key = value('tick.very_stale') === undefined ? 'tick.stale' : 'tick.very_stale';
    found.push({
      key,
      value: value(key),
      problem: 'makes tick.stale as long as tick.very_stale, which must be longer',
    });
  }
  if (tick.poke.cap < tick.poke.base) {
    const key = value('tick.poke.cap') === undefined ? 'tick.poke.base' : 'tick.poke.cap';
    found.push({ key, value: value(key), problem: 'makes tick.poke.cap shorter than tick.poke.base' });
  }
  const pairs = [
    ['brakes.first', tick.brakes.first, 'brakes.cap', tick.brakes.cap],
    ['brakes.open', tick.brakes.open, 'brakes.open_cap', tick.brakes.open_cap],
    ['work.stale', tick.work.stale, 'work.gupp', tick.work.gupp],
  ] as const;
  for (const [low, lowMs, high, highMs] of pairs) {
    if (lowMs <= highMs) continue;
    const key = value(`tick.${high}`) === undefined ? `tick.${low}` : `tick.${high}`;
    found.push({ key, value: value(key), problem: `makes tick.${high} shorter than tick.${low}` });
  }
  found.push(...tierContradictions(settings, value));
  const names = [...Object.keys(presets), ...Object.keys(settings.agents)];
  found.push(...undescribed(settings, names), ...missing('default_agent', settings.default_agent, names));
  for (const [worker, name] of Object.entries(settings.crew_agents))
    found.push(...missing(`crew_agents.${worker}`, name, names));
  return found.map((finding) => ({ file, nearest: null, ...finding }));
}

/** The same for a rig's own settings; `names` are the agents that the town knows. */
export function rigContradictions(
  file: string,
  settings: RigSettings,
  names: readonly string[],
): readonly Problem[] {
  const all = [...names, ...Object.keys(settings.agents)];
  const found = undescribed(settings, all);
  if (settings.agent !== undefined) found.push(...missing('agent', settings.agent, all));
  return found.map((finding) => ({ file, nearest: null, ...finding }));
}

function tierContradictions({ tick }: TownSettings, value: (key: string) => unknown): readonly Finding[] {
  return tick.tiers.flatMap((tier, index) => {
    const key = `tick.tiers.${index}.below`;
    const last = index === tick.tiers.length - 1;
    const before = tick.tiers[index - 1]?.below ?? 0;
    if (last && tier.below !== undefined) {
      return [
        {
          key,
          value: value(key),
          problem: 'must not be there: the last tier holds for every longer idle time',
        },
      ];
    }
    if (!last && tier.below === undefined) return [{ key, value: undefined, problem: 'is missing' }];
    if (tier.below !== undefined && tier.below <= before) {
      return [{ key, value: value(key), problem: 'must be longer than that of the tier before' }];
    }
    return [];
  });
}

function undescribed(
  { agents, role_agents }: RigSettings | TownSettings,
  names: readonly string[],
): Finding[] {
  const without = Object.entries(agents)
    .filter(([name, agent]) => agent.command === undefined && !Object.hasOwn(presets, name))
    .map(([name]) => ({ key: `agents.${name}.command`, value: undefined, problem: 'is missing' }));
  const chosen = Object.entries(role_agents).flatMap(([role, name]) =>
    missing(`role_agents.${role}`, name, names),
  );
  return [...without, ...chosen];
}

function missing(key: string, name: string, names: readonly string[]): readonly Finding[] {
  if (names.includes(name)) return [];
  return [
    {
      key,
      value: name,
      problem: 'is neither a preset nor described under agents',
      nearest: nearest(name, names),
    },
  ];
}

/** The value at a dotted key of what was written; undefined when it is not there. */
export function at(written: unknown, key: string): unknown {
  let value = written;
  for (const part of key.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Object.entries(value).find(([name]) => name === part)?.[1];
  }
  return value;
}
