import { readWatchers, type Told, type Watcher } from '../persist/watchers-file.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined } from './finding.ts';

export const examineWatchers: Examine = ({ layout, config }) => {
  const told = readWatchers(layout);
  const { metricsFile = null, ping = null } = config.watching ?? {};
  const asked: readonly WatcherSeen[] = [
    ...(metricsFile === null
      ? []
      : [{ watcher: 'metrics', target: metricsFile, told: told.metrics } as const]),
    ...(ping === null
      ? []
      : [
          {
            watcher: 'ping',
            target: typeof ping === 'string' ? hostOf(ping) : (ping[0] ?? ''),
            told: told.ping,
          } as const,
        ]),
  ];
  return judgeWatchers(asked, layout.root);
};

export interface WatcherSeen {
  readonly watcher: Watcher;
  /** Without what may be secret. */
  readonly target: string;
  readonly told: Told | undefined;
}

/** Whoever is to notice that the heartbeat stopped must have been told of it while it beat. */
export function judgeWatchers(asked: readonly WatcherSeen[], town: string): Examined {
  return {
    name: 'watchers',
    saw: asked.map(({ watcher, target }) => `${watcher}: ${target}`).join(', ') || 'none are set up',
    findings: asked.flatMap(({ watcher, target, told }) =>
      told === undefined || told.failingSince === null
        ? []
        : [
            {
              code: `${watcher}-failing`,
              message: `${target} could not be told of the last pass (tick.${watcher === 'metrics' ? 'metrics_file' : 'ping'}): ${(told.reason ?? 'nobody knows why').replace(/\.$/, '')}.`,
              since: told.failingSince,
              remedy: `gt config show --town ${shellWord(town)}`,
            },
          ],
    ),
  };
}

/** The rest of such a URL is often as good as a password. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an unreadable URL';
}
