import { readScreen, type Screen } from '../agents/screen.ts';
import type { Runtime } from '../model/config.ts';
import { captureScreen, type TmuxCommand } from '../tmux/commands.ts';

/** Text that was typed into a pane and whose submission nobody confirmed; kept on the pane itself. */
export interface Pending {
  readonly text: string;
  /** It was seen in the composer, and Enter followed. */
  readonly seen: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A pane as one look shows it. */
export interface PaneLook {
  readonly panePid: number;
  readonly dead: boolean;
  readonly inMode: boolean;
  /** Somebody looks at this pane. */
  readonly attached: boolean;
  readonly columns: number;
  readonly rows: number;
  /** The window's size was fixed by hand. */
  readonly fixedSize: boolean;
  /** When the window last printed something, seconds since 1970. */
  readonly activity: number;
  readonly command: string;
  readonly pending: Pending | null;
  readonly screen: Screen;
}

const numbers =
  '#{pane_pid} #{pane_dead} #{pane_in_mode} #{session_attached} #{window_active_clients} #{window_width} #{window_height} #{window_activity} #{window-size}';

/** Everything that decides whether a pane may be typed into, without its scrollback. */
export function lookAt(pane: string): readonly TmuxCommand[] {
  return [
    ['display-message', '-p', '-t', pane, numbers],
    ['display-message', '-p', '-t', pane, '#{pane_current_command}'],
    ['display-message', '-p', '-t', pane, '#{@gt_pending}'],
    captureScreen(pane),
  ];
}

/** Reads what {@link lookAt} printed; null when the pane is gone. */
export function readLook(
  output: string,
  runtime: Pick<Runtime, 'composer' | 'busy' | 'context'>,
): PaneLook | null {
  const [first = '', command = '', pending = '', ...rows] = output.split('\n');
  const match = /^(\d+) ([01]) (\d+) (\d+) (\d*) (\d+) (\d+) (\d+) (\S*)$/.exec(first);
  if (match === null) return null;
  const [, pid, dead, modes, attached, watching, columns, height, activity, size] = match;
  return {
    panePid: Number(pid),
    dead: dead === '1',
    inMode: modes !== '0',
    attached: Number(attached) > 0 || Number(watching) > 0,
    columns: Number(columns),
    rows: Number(height),
    fixedSize: size === 'manual',
    activity: Number(activity),
    command,
    pending: readPending(pending, Number(pid)),
    screen: readScreen(rows.join('\n'), runtime),
  };
}

/** What {@link readLook} finds again as `pending`, as long as the pane runs the same process. */
export function writePending(pane: string, panePid: number, { text, seen, at }: Pending): TmuxCommand {
  return [
    'set-option',
    '-p',
    '-t',
    pane,
    '@gt_pending',
    `${panePid} ${seen ? 'seen' : 'typed'} ${at} ${text}`,
  ];
}

export function forgetPending(pane: string): TmuxCommand {
  return ['set-option', '-p', '-u', '-t', pane, '@gt_pending'];
}

function readPending(value: string, panePid: number): Pending | null {
  const match = /^(\d+) (seen|typed) (\d+) (.+)$/.exec(value);
  const [, pid, state, at, text] = match ?? [];
  if (Number(pid) !== panePid || text === undefined) return null;
  return { text, seen: state === 'seen', at: Number(at) };
}
