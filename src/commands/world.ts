import { realpathSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { World } from '../act/world.ts';
import type { Instant } from '../model/instant.ts';
import { stopwatch } from '../observe/clock.ts';
import { openStore } from '../store/open.ts';
import type { TmuxClient } from '../tmux/client.ts';
import { readHolds } from '../town/holds.ts';
import type { Layout } from '../town/layout.ts';
import { type Context, searchPath } from './context.ts';
import { clockOf } from './decision.ts';
import type { Sight } from './sight.ts';

/** What acts need of the outside, from what was seen. `left`: milliseconds that remain for acting. */
export function worldOf(
  sight: Sight,
  client: TmuxClient,
  { layout, now, left }: { readonly layout: Layout; readonly now: Instant; readonly left: () => number },
  context: Context,
): World {
  const { config, snapshot, run } = sight;
  const rigs = snapshot.rigs.known ? snapshot.rigs.value.map(({ name }) => name) : [];
  const wall = () => clockOf({ now }, sight).getTime();
  return {
    layout,
    config,
    agents: snapshot.agents,
    client,
    store: openStore(layout.root, wall, {
      env: context.env,
      path: [...searchPath(context.env), ...config.path],
      run,
      asked: config.store ?? 'auto',
      timeoutMs: config.tick.childTimeoutMs,
    }),
    run,
    onStep: context.isTerminal ? (text) => context.stderr(`${text}\n`) : null,
    operatorEnv: context.env,
    self: ownProgram(context),
    holdsNow: () => readHolds(layout, wall(), rigs),
    deadline: left,
    now: stopwatch,
    wall,
    pause: (ms) => pause(ms),
  };
}

/** Links are followed: what `npx` or a package manager put on the path may move on, the file itself rarely does. */
function ownProgram({ program }: Context): World['self'] {
  const [node = '', file = ''] = program ?? [];
  try {
    return node === '' || file === '' ? undefined : { node, file: realpathSync(file) };
  } catch {
    return undefined;
  }
}
