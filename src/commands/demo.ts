import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { demoSocket, type Scene, setScene } from '../demo/scene.ts';
import { tellStory } from '../demo/story.ts';
import { exitStatus } from '../exit.ts';
import { readClock } from '../observe/clock.ts';
import { createRun } from '../run.ts';
import { layout } from '../town/layout.ts';
import { shellWord } from '../town/shell-word.ts';
import { type Context, searchPath, styleFor } from './context.ts';

export interface DemoOptions {
  /** Leave the town and its agents for a look. */
  readonly keep: boolean;
}

/** Exit statuses of a program ended by these signals, as shells report them. */
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * `gt demo`: a throw-away town on a tmux server of its own, broken and repaired by the very commands it shows
 * (design/contract.md §3). Exit status 0 only when everything it tells has really happened.
 */
export async function demoCommand({ keep }: DemoOptions, context: Context): Promise<number> {
  const gtFile = realpathSync(process.argv[1] ?? '');
  const path = searchPath(context.env);
  const scene = setScene({ run: createRun({ path }), env: context.env, searchPath: path, gtFile });
  const begun = process.hrtime.bigint();
  const audience = watchSignals();
  const style = styleFor(context);
  try {
    context.stdout(`A throw-away town in ${scene.town}, on a tmux server of its own.\n`);
    await tellStory(scene, {
      say: (text) => context.stdout(text.startsWith('\n▸') ? style('bold', text) : text),
      check: audience.check,
      standIn: join(dirname(gtFile), 'stand-in.cjs'),
      clock: () => readClock({ env: {} }, layout(scene.town)),
    });
    const seconds = Math.round(Number(process.hrtime.bigint() - begun) / 1e9);
    context.stdout(`\nAll of that happened, in ${seconds} s.\n`);
    return exitStatus.done;
  } catch (error) {
    if (!(error instanceof Left)) throw error;
    return signals[error.signal];
  } finally {
    if (!keep) await scene.strike();
    context.stdout(keep ? farewell(scene) : 'The town and its tmux server are removed.\n');
    audience.release();
  }
}

function farewell({ town, dir }: Scene): string {
  const tmux = `TMUX_TMPDIR=${dir} tmux -L ${demoSocket}`;
  return [
    '\nThe town stays:',
    `  gt status --town ${shellWord(town)}`,
    `  ${tmux} attach -t gt-deacon     (leave with C-b d)`,
    `  ${tmux} kill-server; rm -r ${dir}     (when you have seen enough)`,
    '',
  ].join('\n');
}

/** Somebody pressed Ctrl-C or ended us. */
class Left extends Error {
  readonly signal: keyof typeof signals;

  constructor(signal: keyof typeof signals) {
    super(signal);
    this.signal = signal;
  }
}

/**
 * A signal takes effect at the next check, when no program of ours is at work any more: a tick that still starts a
 * tmux server would otherwise leave it behind.
 */
function watchSignals(): { readonly check: () => void; readonly release: () => void } {
  let received: keyof typeof signals | null = null;
  const handlers = Object.keys(signals)
    .filter(isWatched)
    .map((signal) => ({
      signal,
      handler: () => {
        received ??= signal;
      },
    }));
  for (const { signal, handler } of handlers) process.on(signal, handler);
  return {
    check: () => {
      if (received !== null) throw new Left(received);
    },
    release: () => {
      for (const { signal, handler } of handlers) process.off(signal, handler);
    },
  };
}

function isWatched(name: string): name is keyof typeof signals {
  return Object.hasOwn(signals, name);
}
