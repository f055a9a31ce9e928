import { askGate } from '../../due.ts';
import { exitStatus } from '../../exit.ts';
import { readClock } from '../../observe/clock.ts';
import { notRead } from '../../persist/io-failure.ts';
import { readJson } from '../../persist/json.ts';
import { jsonText } from '../../show/json.ts';
import { momentText } from '../../show/time.ts';
import { findTown } from '../../town/find.ts';
import { layout } from '../../town/layout.ts';
import type { Context } from '../context.ts';

export interface DueOptions {
  readonly town?: string | undefined;
  readonly json: boolean;
}

/**
 * `gt due`: exit 0 when a heartbeat is due or `gt tick` has something to look at, 1 when not (design/anchors.md §6.1), 77
 * when it may not be read. Writes nothing.
 */
export function dueCommand({ town, json }: DueOptions, context: Context): number {
  const root = findTown({ town, env: context.env, cwd: context.cwd, reading: true });
  const at = layout(root);
  const left = readJson(at.dueFile);
  if (left.kind === 'unreadable') throw notRead(at.dueFile, left.code, left.message);
  const { wall, boot } = readClock(context, at);
  const now = new Date(wall);
  const { due, why, at: dueAt } = askGate(root, wall, boot);
  const next = dueAt === null ? null : new Date(dueAt);
  if (json) {
    context.stdout(
      jsonText({ schema: 'gt.due/1', town: root, due, why, next_due_at: next?.toISOString() ?? null }),
    );
  } else if (why === 'touched') {
    context.stdout(`${reasons[why]}.\n`);
  } else if (due) {
    context.stdout(`A heartbeat is due: ${reasons[why]}.\n`);
  } else {
    context.stdout(`No heartbeat is due. Next: ${next === null ? 'unknown' : momentText(next, now)}.\n`);
  }
  return due ? exitStatus.done : exitStatus.failed;
}

const reasons: Readonly<Record<ReturnType<typeof askGate>['why'], string>> = {
  first: 'no pass has left word when the next one should be',
  absurd: 'daemon/due.json names a time further away than any interval',
  boot: 'the machine was started since the last pass',
  clock: 'the clock was set back since the last pass',
  time: 'its time has come',
  lifecycle: 'a lifecycle request waits',
  touched:
    'gt tick has something to look at: the town’s beads were written to, or a request waits in them; a heartbeat runs only if a request is among it',
  'not-yet': 'its time has not come',
};
