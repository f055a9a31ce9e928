import { resolve } from 'node:path';
import { Failure } from '../../exit.ts';
import type { Config } from '../../model/config.ts';
import { findProgram } from '../../run.ts';
import { provenEnvironment } from '../../schedule/environment.ts';
import { everyMinutes, nearestMinutes } from '../../schedule/every.ts';
import { type Host, thisHost } from '../../schedule/host.ts';
import { lastingProgram } from '../../schedule/programs.ts';
import type { Registration } from '../../schedule/registration.ts';
import { findTown } from '../../town/find.ts';
import { type Layout, layout } from '../../town/layout.ts';
import { defaultConfig, loadConfig, readConfig } from '../../town/settings.ts';
import { type Context, searchPath } from '../context.ts';

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

interface Asked {
  readonly town?: string | undefined;
  /** The command changes nothing, so root may ask it of anybody's town. */
  readonly reading?: boolean;
}

/** Finds the town and puts together what a scheduler is to be told of it. Invalid settings are a failure (78). */
export function openDesk(
  { town, every, reading = false }: Asked & { readonly every?: string | undefined },
  context: Context,
  host: Host = thisHost(context.run, context.env),
): Desk {
  const at = layout(findTown({ town, env: context.env, cwd: context.cwd, reading }));
  return deskFor(at, loadConfig(at).config, every, context, host);
}

/** The same for those who only look, or take away: whatever the settings are. */
export function openDeskAnyway(
  { town, reading = false }: Asked,
  context: Context,
  host: Host = thisHost(context.run, context.env),
): Desk {
  const at = layout(townOrWhatWasOne(town, reading, context));
  const read = readConfig(at);
  return deskFor(at, read.kind === 'ok' ? read.config : defaultConfig(), undefined, context, host);
}

/** A town that was removed may still be called every minute: named by its path, its schedule can be taken away. */
function townOrWhatWasOne(town: string | undefined, reading: boolean, context: Context): string {
  try {
    return findTown({ town, env: context.env, cwd: context.cwd, reading });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'not-a-town' || !town?.startsWith('/')) throw error;
    return resolve(town);
  }
}

function deskFor(at: Layout, config: Config, every: string | undefined, context: Context, host: Host): Desk {
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
