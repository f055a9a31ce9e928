import { failed, skipped, succeeded } from '../../src/act/outcome.ts';
import type { Action, Outcome } from '../../src/model/plan.ts';
import type { Step } from './act.ts';
import { reads } from './panes.ts';
import { awakeOf, broke, minute, minuteOf, type Process, type World } from './world.ts';

type Spoken = Action & { readonly pane: string | null; readonly panePid: number | null };

/**
 * Types a line and submits it, as `src/act/nudge-step.ts` decides it: text only into an empty composer, once; what stands
 * there from before only gets its Enter; what is in somebody's way is put off.
 */
export function sayTo(action: Spoken, text: string, finish: boolean, world: World, step: Step): Outcome {
  if (world.broken.tmux > 0) return failed(action, 'tmux does not answer', 'tmux');
  const pane = world.server?.panes.find(({ pane: id }) => id === action.pane);
  if (pane === undefined) return failed(action, 'its pane is gone', 'gone');
  if (pane.pid !== action.panePid) return failed(action, 'another process runs in its pane', 'changed');
  if (pane.dead !== null) return failed(action, 'its program has ended', 'dead');
  if (pane.inMode && pane.attached > 0) return skipped(action, 'copy-mode', 'somebody reads its scrollback');
  const { process } = pane;
  if (process === null) return skipped(action, 'shell', 'a shell shows in its pane');
  if (process.face === 'dialog' || process.face === 'limit' || process.face === 'context')
    return skipped(action, process.face, 'it asks something');
  if (process.composer === 'ours') return enter(action, process, world, step);
  if (process.composer === 'draft') return skipped(action, 'draft', 'unsent text of somebody');
  if (finish) return succeeded(action);
  if (process.face === 'busy') return skipped(action, 'busy', 'it works');
  step();
  type(action, text, process, world);
  step();
  return enter(action, process, world, step);
}

function type(action: Action, text: string, process: Process, world: World): void {
  const { ledger, config } = world;
  const awake = awakeOf(world);
  const heartbeat = action.kind === 'nudge' && action.why.startsWith('heartbeat-');
  if (process.composer !== 'empty') broke(world, 'nothing is typed over anything', action.id);
  ledger.typed += 1;
  if (heartbeat) {
    const least = Math.min(config.tick.poke.slotMs, config.tick.poke.baseMs) - config.tick.everyMs / 2;
    if (process.typed !== null && awake - process.typed < least)
      broke(
        world,
        'no two lines within a slot',
        `${action.id} after ${(awake - process.typed) / minute} min`,
      );
    process.typed = awake;
  }
  ledger.lines.push({ minute: minuteOf(world), agent: action.agent, text });
  process.composer = 'ours';
}

function enter(action: Action, process: Process, world: World, step: Step): Outcome {
  if (process.hung) return failed(action, 'its text still stands there', 'stranded');
  process.composer = 'empty';
  step();
  reads(world, process);
  return succeeded(action);
}
