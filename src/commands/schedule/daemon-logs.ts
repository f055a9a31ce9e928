import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { exitStatus, Failure } from '../../exit.ts';
import type { TownEvent } from '../../model/town-event.ts';
import { readEvents } from '../../persist/events.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import { momentText } from '../../show/time.ts';
import { findTown } from '../../town/find.ts';
import { layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';

export interface DaemonLogsOptions {
  readonly town?: string | undefined;
  /** How many lines; 50 when missing. */
  readonly lines?: string | undefined;
  readonly follow: boolean;
  readonly json?: boolean | undefined;
}

const most = 10_000;
const pollMs = 1_000;

/** `gt daemon logs [-n N] [-f]`: what passes did and noticed, oldest first (spec/agents.md §3.13). */
export async function daemonLogsCommand(
  { town, lines, follow, json = false }: DaemonLogsOptions,
  context: Context,
  goOn: () => boolean = () => true,
): Promise<number> {
  const at = layout(findTown({ town, env: context.env, cwd: context.cwd, reading: true }));
  const count = countIn(lines);
  if (!existsSync(at.eventsFile) && !follow) {
    throw new Failure(
      'no-log',
      exitStatus.failed,
      `no log file found at ${at.eventsFile}`,
      'gt tick --force',
    );
  }
  let shown = readEvents(at, count).events;
  const textOf = (events: readonly TownEvent[]) =>
    json ? documentsOf(events) : linesOf(events, context.now());
  if (json && !follow) context.stdout(jsonText({ schema: 'gt.daemon-logs/1', town: at.root, events: shown }));
  else context.stdout(textOf(shown));
  while (follow && goOn()) {
    await pause(pollMs);
    const now = readEvents(at, most).events;
    const last = shown.at(-1);
    const from = last === undefined ? 0 : now.findLastIndex((event) => sameEvent(event, last)) + 1;
    context.stdout(textOf(now.slice(from)));
    shown = now.length === 0 ? shown : now;
  }
  return exitStatus.done;
}

function countIn(text = '50'): number {
  if (/^[0-9]{1,5}$/.test(text) && Number(text) > 0) return Math.min(Number(text), most);
  throw new Failure(
    'usage',
    exitStatus.usage,
    `-n takes a number of lines, not ${JSON.stringify(text)}.`,
    'gt daemon logs -n 50',
  );
}

/** One document a line, as for other programs that follow. */
function documentsOf(events: readonly TownEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

function linesOf(events: readonly TownEvent[], now: Date): string {
  return events
    .map(
      ({ at, kind, agent, text }) =>
        `${[momentText(new Date(at), now), kind, agent, oneLine(text, 500)].filter(Boolean).join('  ')}\n`,
    )
    .join('');
}

function sameEvent(one: TownEvent, other: TownEvent): boolean {
  return (
    one.at === other.at && one.kind === other.kind && one.agent === other.agent && one.text === other.text
  );
}
