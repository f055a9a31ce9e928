import type { Runtime } from '../model/config.ts';
import { type Composer, findComposer } from './composer.ts';
import { readLines, type ScreenLine } from './screen-lines.ts';
import {
  choice,
  isLimit,
  isLogin,
  isMenuFoot,
  isQuestion,
  pointedChoice,
  shellPrompt,
} from './screen-phrases.ts';

export type ScreenKind =
  | 'empty-composer'
  | 'draft'
  | 'dialog'
  | 'busy'
  | 'limit'
  | 'login'
  | 'context'
  | 'shell'
  | 'unreadable';

/** What a pane shows. Only an empty composer may be typed into. */
export interface Screen {
  readonly kind: ScreenKind;
  /** For people: a dialog's or limit's line; of a draft only its length, since it is somebody's own text. */
  readonly detail: string;
  /** What stands in the composer; empty when nothing does, null when no composer is to be seen. */
  readonly composer: string | null;
}

/** How far up a line still says something about now, when no composer tells where history begins. */
const recentLines = 25;
/** How far above a composer's frame a notice still stands for now; what is older scrolls up. */
const noticeLines = 3;

/**
 * Reads one visible screen (`capture-pane -p -e`, without scrollback). Whatever could be a dialog is one; where no
 * composer is recognised the answer is a reason to wait, never an empty composer (design F35, F38, F39, F55, F86).
 */
export function readScreen(capture: string, runtime: Pick<Runtime, 'composer' | 'busy' | 'context'>): Screen {
  const lines = readLines(capture);
  const composer = findComposer(lines, runtime.composer);
  const above = composer === null ? [] : notices(lines, composer);
  const below = composer === null ? lines.slice(-recentLines) : lines.slice(composer.end);
  const near = [...above, ...below];
  const working = busyLine(lines, composer, runtime.busy);
  const text = composer?.text ?? null;

  const menu = menuLine(lines, composer);
  const asked =
    menu ??
    (
      above.find((line) => isMenuFoot(line.text) && !says(line, runtime.busy)) ??
      below.find((line) => (isQuestion(line.text) || isMenuFoot(line.text)) && !says(line, runtime.busy))
    )?.text;
  const full = near.find((line) => says(line, runtime.context ?? []));
  const limit = near.find((line) => line !== full && isLimit(line.text))?.text;
  const login = near.find((line) => isLogin(line.text))?.text;
  if (limit !== undefined) return { kind: 'limit', detail: limit.trim(), composer: text };
  if (login !== undefined) return { kind: 'login', detail: login.trim(), composer: text };
  if (asked !== undefined) return { kind: 'dialog', detail: asked.trim(), composer: text };
  if (full !== undefined && working === undefined)
    return { kind: 'context', detail: full.text.trim(), composer: text };
  if (composer === null) {
    if (working !== undefined) return { kind: 'busy', detail: working, composer: null };
    const last = lines.at(-1)?.text.trim() ?? '';
    if (shellPrompt.test(last)) return { kind: 'shell', detail: last, composer: null };
    return {
      kind: 'unreadable',
      detail: last === '' ? 'the screen is blank' : 'no composer on the screen',
      composer: null,
    };
  }
  if (composer.text !== '')
    return { kind: 'draft', detail: `${composer.text.length} characters`, composer: composer.text };
  if (working !== undefined) return { kind: 'busy', detail: working, composer: '' };
  return { kind: 'empty-composer', detail: '', composer: '' };
}

/** Lines just above a composer's frame: a notice there stands for now, while a question there has been answered. */
function notices(lines: readonly ScreenLine[], { above }: Composer): readonly ScreenLine[] {
  const before = lines.slice(0, above + 1).filter((line) => line.text.trim() !== '');
  return before.slice(-noticeLines);
}

/**
 * A numbered menu's pointed choice. Menus point with the very mark of the composer, so the "composer" may be a menu;
 * one that stands above a real composer is history.
 */
function menuLine(lines: readonly ScreenLine[], composer: Composer | null): string | undefined {
  const from = composer === null ? Math.max(0, lines.length - recentLines) : Math.max(0, composer.first - 6);
  const pointed = lines.findIndex(
    (line, index) => index >= (composer?.first ?? from) && pointedChoice.test(line.text),
  );
  if (pointed === -1) return undefined;
  const around = lines.slice(from).filter((line) => choice.test(line.text));
  if (around.length < 2) return undefined;
  const title = lines.slice(Math.max(0, pointed - 8), pointed).find((line) => isQuestion(line.text));
  return (title ?? lines[pointed])?.text;
}

/** The line that says the agent is working; the composer's own text says nothing of the kind. */
function busyLine(
  lines: readonly ScreenLine[],
  composer: Composer | null,
  busy: readonly string[],
): string | undefined {
  const outside =
    composer === null ? lines : [...lines.slice(0, composer.first), ...lines.slice(composer.end)];
  return outside
    .filter((line) => line.text.trim() !== '')
    .slice(-recentLines)
    .find((line) => says(line, busy))
    ?.text.trim();
}

/** One of a runtime's own texts, in whatever case. */
function says(line: ScreenLine, markers: readonly string[]): boolean {
  const text = line.text.toLowerCase();
  return markers.some((marker) => text.includes(marker.toLowerCase()));
}
