import { setTimeout as pause } from 'node:timers/promises';
import type { World } from '../../act/world.ts';
import type { Instant } from '../../model/instant.ts';
import { stopwatch } from '../../observe/clock.ts';
import { openStore } from '../../store/open.ts';
import type { TmuxClient } from '../../tmux/client.ts';
import { readHolds } from '../../town/holds.ts';
import type { Layout } from '../../town/layout.ts';
import { realPath } from '../../town/path-on-disk.ts';
import { type Context, searchPath } from '../context.ts';
import { clockOf } from './decision.ts';
import type { Sight } from './sight.ts';

/** When and where is acted. */
export interface Acting {
  readonly layout: Layout;
  readonly now: Instant;
  /** Milliseconds that remain for it. */
  readonly left: () => number;
  /** The pass that acts, for the events it leaves. */
  readonly pass?: string | null;
}

/** What acts need of the outside, from what was seen. */
export function worldOf(
  sight: Sight,
  client: TmuxClient,
  { layout, now, left, pass = null }: Acting,
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
    pass,
  };
}

/** Links are followed: what `npx` or a package manager put on the path may move on, the file itself rarely does. */
function ownProgram({ program }: Context): World['self'] {
  const [node = '', file = ''] = program ?? [];
  const real = realPath(file);
  return node === '' || real === null ? undefined : { node, file: real };
}
