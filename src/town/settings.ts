import * as v from 'valibot';
import { exitStatus, Failure } from '../exit.ts';
import type { Config } from '../model/config.ts';
import type { Warning } from '../model/snapshot.ts';
import { readJson } from '../persist/json.ts';
import type { Layout } from './layout.ts';
import { readRigChoices } from './rig-settings.ts';
import { presets } from './runtime-presets.ts';
import { describedRuntimes } from './runtimes.ts';
import { defaultSettings } from './settings-defaults.ts';
import { describeProblem, isObject, type Problem, problemsOf, unknownKeys } from './settings-problem.ts';
import { townContradictions } from './settings-rules.ts';
import { type TownSettings, townSettings } from './settings-schema.ts';
import { shellWord } from './shell-word.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** `settings/config.json` as it was written; an empty object when there is none. What is not in it is a default. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly warnings: readonly Warning[];
}

export type ConfigRead =
  /** `problems` are those of rigs' own settings: such a rig starts nothing, the others are kept. */
  | ({ readonly kind: 'ok'; readonly problems: readonly Problem[] } & LoadedConfig)
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

/** Reads a town's settings, and those of these rigs, over the defaults (design: numbers; spec/agents.md §6.3). */
export function readConfig(layout: Layout, rigs: readonly string[] = []): ConfigRead {
  const file = layout.settingsFile;
  const read = readJson(file);
  if (read.kind === 'unreadable') return invalid([whole(file, `cannot be read: ${read.message}`)]);
  if (read.kind === 'invalid') return invalid([whole(file, read.reason)]);
  const written: unknown = read.kind === 'absent' ? {} : read.value;
  if (!isObject(written) || Array.isArray(written)) return invalid([whole(file, 'must be a JSON object')]);
  const unknown = unknownKeys(file, townSettings, written);
  const parsed = v.safeParse(townSettings, overlay(defaultSettings, written));
  if (!parsed.success) return invalid([...unknown, ...problemsOf(file, parsed.issues)]);
  const problems = [...unknown, ...townContradictions(file, written, parsed.output)];
  if (problems.length > 0) return invalid(problems);
  const config = configOf(parsed.output);
  const choices = readRigChoices(layout.root, rigs, config.runtimes);
  return {
    kind: 'ok',
    config: { ...config, rigs: choices.rigs },
    written,
    problems: choices.problems,
    warnings: choices.problems.map((problem) => ({
      code: 'rig-settings',
      message: describeProblem(problem),
    })),
  };
}

/**
 * {@link readConfig} for whoever cannot go on without: settings that are wrong in any way are a {@link Failure}
 * `config-invalid` (78) that lists everything, so a tick does nothing rather than half of what was meant.
 */
export function loadConfig(layout: Layout, rigs: readonly string[] = []): LoadedConfig {
  const read = readConfig(layout, rigs);
  if (read.kind === 'ok') return read;
  throw new Failure(
    'config-invalid',
    exitStatus.config,
    read.problems.map(describeProblem).join('\n'),
    `gt config validate --town ${shellWord(layout.root)}`,
  );
}

/** The configuration of a town without settings. */
export function defaultConfig(): Config {
  return configOf(v.parse(townSettings, defaultSettings));
}

function configOf({ default_agent, agents, role_agents, crew_agents, store, tick }: TownSettings): Config {
  return {
    defaultAgent: default_agent,
    roleAgents: role_agents,
    crewAgents: crew_agents,
    runtimes: { ...presets, ...describedRuntimes(agents) },
    tmux: { socket: tick.socket, tmpdir: tick.tmux_tmpdir },
    path: tick.path,
    ...(store === 'auto' ? {} : { store }),
    ...(tick.metrics_file === null && tick.ping === null
      ? {}
      : { watching: { metricsFile: tick.metrics_file, ping: tick.ping } }),
    tick: {
      everyMs: tick.every,
      tiers: tick.tiers.map(({ below, interval }) => ({ belowMs: below ?? null, intervalMs: interval })),
      staleMs: tick.stale,
      veryStaleMs: tick.very_stale,
      poke: {
        idle: tick.poke.idle,
        strategy: tick.poke.strategy,
        baseMs: tick.poke.base,
        capMs: tick.poke.cap,
        factor: tick.poke.factor,
        slotMs: tick.poke.slot,
      },
      newbornMs: tick.newborn,
      misprimed: tick.misprimed,
      keep: [...new Set(tick.keep)],
      budgets: {
        starts: tick.budgets.starts,
        kills: tick.budgets.kills,
        nudges: tick.budgets.nudges,
        passMs: tick.budgets.pass,
      },
      childTimeoutMs: tick.child_timeout,
      machine: {
        maxLoadPerCpu: tick.machine.max_load_per_cpu,
        minFreeMemory: tick.machine.min_free_memory,
      },
      ...careOf(tick),
    },
  };
}

/** The numbers of recovery: brakes, work on hooks, notices. */
function careOf({ brakes, work, spawn, alerts, night }: TownSettings['tick']) {
  return {
    brakes: {
      firstMs: brakes.first,
      capMs: brakes.cap,
      deaths: brakes.deaths,
      windowMs: brakes.window,
      openMs: brakes.open,
      openCapMs: brakes.open_cap,
      healthyMs: brakes.healthy,
      workDeaths: brakes.work_deaths,
      byHand: brakes.by_hand,
      requested: brakes.requested,
    },
    work: { staleMs: work.stale, guppMs: work.gupp, last: work.last },
    spawnMs: spawn,
    alerts: { mail: alerts.mail, command: alerts.command, status: alerts.status, remindMs: alerts.remind },
    night,
  };
}

/** What was written over the defaults: objects key by key, everything else as a whole. */
export function overlay(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isObject(base) || !isObject(over) || Array.isArray(base) || Array.isArray(over)) return over;
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(over)])].map((key) => [
      key,
      Object.hasOwn(over, key)
        ? overlay(Object.hasOwn(base, key) ? base[key] : undefined, over[key])
        : base[key],
    ]),
  );
}

function invalid(problems: readonly Problem[]): ConfigRead {
  return { kind: 'invalid', problems };
}

function whole(file: string, problem: string): Problem {
  return { file, key: '', value: undefined, problem, nearest: null };
}
