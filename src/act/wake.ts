import type { TmuxCommand } from '../tmux/commands.ts';
import { quote } from '../tmux/quote.ts';
import type { PaneLook } from './pane-look.ts';

/**
 * Makes a program look at its input by a change of its window's size, as a person who attaches would (design F46).
 * tmux itself puts the size back, so that nothing stays changed when we are killed; scheduled before the change, so
 * that a tmux which cannot do it changes nothing.
 */
export function wake(pane: string, look: PaneLook): readonly TmuxCommand[] {
  const resize = (columns: number): TmuxCommand => [
    'resize-window',
    '-t',
    pane,
    '-x',
    `${columns}`,
    '-y',
    `${look.rows}`,
  ];
  const restore = [
    resize(look.columns),
    ...(look.fixedSize ? [] : [['set-option', '-w', '-u', '-t', pane, 'window-size']]),
  ];
  const script = restore.map((command) => command.map(quote).join(' ')).join(' ; ');
  return [
    ['run-shell', '-b', '-d', '0.3', '-C', script],
    resize(look.columns > 2 ? look.columns - 1 : look.columns + 1),
  ];
}
