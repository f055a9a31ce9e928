import { findProgram } from '../run.ts';
import { provenEnvironment } from '../schedule/environment.ts';
import { everyMinutes, nearestMinutes } from '../schedule/every.ts';
import { type Host, thisHost } from '../schedule/host.ts';
import { lastingProgram } from '../schedule/programs.ts';
import type { Registration } from '../schedule/registration.ts';
import { findTown } from '../town/find.ts';
import { type Layout, layout } from '../town/layout.ts';
import { readRegistry } from '../town/registry.ts';
import { loadConfig } from '../town/settings.ts';
import { type Context, searchPath } from './context.ts';

/** What every command about the schedule begins with. */
export interface Desk {
  readonly layout: Layout;
  readonly host: Host;
  /** What a scheduler is to be told, from this environment and the town's settings. */
  readonly registration: Registration;
  /** What of the environment could not go into it, for people. */
  readonly left: readonly string[];
  /** How often the settings say the town is called, milliseconds. */
  readonly settingsEveryMs: number;
}

/** Longest time a call may take beyond what the settings give a pass, seconds. */
const margin = 75;

/** Finds the town and puts together what a scheduler is to be told of it. Invalid settings are a failure (78). */
export function openDesk(
  { town, every }: { readonly town?: string | undefined; readonly every?: string | undefined },
  context: Context,
  host: Host = thisHost(context.run, context.env),
): Desk {
  const at = layout(findTown({ town, env: context.env, cwd: context.cwd }));
  const registry = readRegistry(at);
  const rigs = registry.known ? [...registry.value.keys()] : [];
  const { config } = loadConfig(
    at,
    rigs.filter((name) => /^[A-Za-z0-9_-]+$/.test(name)),
  );
  const { env, left } = provenEnvironment(context.env, host.home);
  const path = [...searchPath(env), ...config.path];
  const [node = process.execPath, gt = ''] = context.program ?? [];
  return {
    layout: at,
    host,
    left,
    settingsEveryMs: config.tick.everyMs,
    registration: {
      town: at.root,
      everyMinutes: every === undefined ? nearestMinutes(config.tick.everyMs) : everyMinutes(every),
      program: lastingProgram({ node, gt }, searchPath(env)),
      env,
      tmux: { file: findProgram('tmux', path), ...config.tmux },
      limitSeconds: Math.ceil(config.tick.budgets.passMs / 1000) + margin,
    },
  };
}
