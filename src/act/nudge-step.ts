import { sameInput } from '../agents/composer.ts';
import { isShell } from '../model/shells.ts';
import type { PaneLook } from './pane-look.ts';

/** How far one nudge has come. Times are milliseconds of the same clock as `now`. */
export type Progress =
  | {
      readonly at: 'looking';
      readonly begun: number;
      readonly idleSince: number | null;
      readonly left: boolean;
    }
  | {
      readonly at: 'typed';
      readonly text: string;
      readonly since: number;
      readonly old: boolean;
      readonly woken: boolean;
    }
  | { readonly at: 'entered'; readonly text: string; readonly since: number; readonly enters: number }
  | { readonly at: 'done'; readonly verdict: Verdict };

export interface Verdict {
  readonly result: 'ok' | 'failed' | 'skipped';
  readonly reason: string | null;
  readonly error: string | null;
}

/** What is to be done to the pane now; `forget` clears what the pane remembers as pending. */
export type Move = 'wait' | 'leave-mode' | 'type' | 'wake' | 'enter' | 'forget';

export interface Step {
  readonly progress: Progress;
  readonly move: Move;
}

/** What is to be said to whom. `finish`: press Enter if the text still stands there, type nothing. */
export interface Request {
  readonly text: string;
  readonly panePid: number;
  readonly finish: boolean;
  /** A shell in the pane that is known to run the agent below it. */
  readonly wrapped: boolean;
  readonly processes: readonly string[];
}

/** A composer that flashes up while the agent works does not stay empty this long (design F38). */
const idleMs = 200;
/** A program that redraws is unreadable for no longer than this. */
const redrawMs = 700;
/** Typed text shows up within this time in a program that reads. */
const appearMs = 600;
const wakenMs = 1200;
/** Pauses before Enter is pressed again. */
const enterPauses = [150, 300, 600, 900, 1200];

export function firstProgress(now: number): Progress {
  return { at: 'looking', begun: now, idleSince: null, left: false };
}

/** One look at a pane, and what follows from it (design F35–F46). Never Escape, C-c or C-u; the text is typed once. */
export function step(request: Request, progress: Progress, look: PaneLook | null, now: number): Step {
  if (progress.at === 'done') return { progress, move: 'wait' };
  const typed = progress.at !== 'looking';
  if (look === null) return failed('gone', 'its pane is gone');
  if (look.panePid !== request.panePid) return failed('changed', 'another process runs in its pane');
  if (look.dead) return failed('dead', 'its program has ended');
  if (look.inMode) return inMode(progress, look, typed);
  switch (progress.at) {
    case 'looking':
      return whenLooking(request, progress, look, now);
    case 'typed':
      return whenTyped(progress, look, now);
    case 'entered':
      return whenEntered(progress, look, now);
  }
}

/** What remains when the time of the batch is over. */
export function timeUp(progress: Progress): Verdict {
  switch (progress.at) {
    case 'done':
      return progress.verdict;
    case 'looking':
      return { result: 'skipped', reason: 'time', error: 'its pane did not come to rest in time' };
    case 'typed':
      return {
        result: 'failed',
        reason: 'stranded',
        error: 'the typed text has not shown up in its composer',
      };
    case 'entered':
      return {
        result: 'failed',
        reason: 'stranded',
        error: `its text still stands there after ${progress.enters} Enters`,
      };
  }
}

function inMode(progress: Progress, look: PaneLook, typed: boolean): Step {
  if (typed) return failed('stranded', 'somebody went into copy mode before the text was submitted');
  if (look.attached) return putOff('copy-mode', 'somebody reads its scrollback');
  if (progress.at === 'looking' && !progress.left)
    return { progress: { ...progress, left: true }, move: 'leave-mode' };
  return putOff('copy-mode', 'its pane does not leave copy mode');
}

function whenLooking(
  request: Request,
  progress: Progress & { at: 'looking' },
  look: PaneLook,
  now: number,
): Step {
  const { screen, pending } = look;
  const standing = screen.composer ?? '';
  const foreignShell = isShell(look.command) && !request.processes.includes(look.command) && !request.wrapped;
  if (foreignShell || screen.kind === 'shell') return putOff('shell', 'a shell shows in its pane');
  if (isQuestion(look) || screen.kind === 'context') return putOff(screen.kind, screen.detail);
  // Our own text, left there by an earlier attempt: it only lacks its Enter.
  const ours = [pending?.text, request.finish ? request.text : undefined].find(
    (text) => text !== undefined && standing !== '' && sameInput(standing, text),
  );
  if (ours !== undefined)
    return { progress: { at: 'entered', text: ours, since: now, enters: 1 }, move: 'enter' };
  if (screen.kind === 'draft')
    return putOff('draft', `somebody's unsent text stands in its composer (${screen.detail})`);
  if (pending !== null && !pending.seen) {
    return {
      progress: { at: 'typed', text: pending.text, since: now, old: true, woken: false },
      move: 'wait',
    };
  }
  if (request.finish && screen.composer === '') return { progress: done('ok', null, null), move: 'forget' };
  if (screen.kind === 'busy') return putOff('busy', screen.detail);
  if (screen.kind !== 'empty-composer') {
    if (now - progress.begun < redrawMs) return { progress: { ...progress, idleSince: null }, move: 'wait' };
    return putOff('unreadable', screen.detail);
  }
  const idleSince = progress.idleSince ?? now;
  if (now - idleSince < idleMs) return { progress: { ...progress, idleSince }, move: 'wait' };
  return {
    progress: { at: 'typed', text: request.text, since: now, old: false, woken: false },
    move: 'type',
  };
}

function whenTyped(progress: Progress & { at: 'typed' }, look: PaneLook, now: number): Step {
  const { text } = progress;
  const standing = look.screen.composer ?? '';
  if (standing !== '' && sameInput(standing, text)) {
    return { progress: { at: 'entered', text, since: now, enters: 1 }, move: 'enter' };
  }
  if (isQuestion(look))
    return failed('stranded', `a dialog came up while the text was typed: ${look.screen.detail}`);
  const waited = now - progress.since;
  if (waited >= appearMs && !progress.woken && !look.attached)
    return { progress: { ...progress, woken: true }, move: 'wake' };
  if (waited < appearMs + (progress.woken ? wakenMs : 0)) return { progress, move: 'wait' };
  if (standing !== '') return failed('stranded', 'somebody types in its composer too');
  // The program has printed since and shows no trace of the text: it is lost, and the next attempt starts afresh.
  const lost = progress.old && look.pending !== null && look.activity * 1000 > look.pending.at + 1000;
  if (lost) return { progress: done('failed', 'lost', 'text typed earlier never showed up'), move: 'forget' };
  return failed('stranded', 'the typed text does not show up in its composer');
}

function whenEntered(progress: Progress & { at: 'entered' }, look: PaneLook, now: number): Step {
  const { kind, composer } = look.screen;
  if (composer === null && (kind === 'unreadable' || kind === 'shell')) return { progress, move: 'wait' };
  if (composer === null || !stands(composer, progress.text))
    return { progress: done('ok', null, null), move: 'forget' };
  if (isQuestion(look))
    return failed('stranded', `a dialog came up before the text was submitted: ${look.screen.detail}`);
  if (!sameInput(composer, progress.text)) return failed('stranded', 'somebody types behind the text');
  const pause = enterPauses[progress.enters - 1];
  if (pause === undefined)
    return { progress: done('failed', 'stranded', timeUp(progress).error), move: 'wait' };
  if (now - progress.since < pause) return { progress, move: 'wait' };
  return { progress: { ...progress, since: now, enters: progress.enters + 1 }, move: 'enter' };
}

function isQuestion({ screen }: PaneLook): boolean {
  return screen.kind === 'dialog' || screen.kind === 'login' || screen.kind === 'limit';
}

function stands(composer: string, text: string): boolean {
  return composer.replace(/\s+/gu, '').includes(text.replace(/\s+/gu, ''));
}

function done(result: Verdict['result'], reason: string | null, error: string | null): Progress {
  return { at: 'done', verdict: { result, reason, error } };
}

function failed(reason: string, error: string): Step {
  return { progress: done('failed', reason, error), move: 'wait' };
}

function putOff(reason: string, error: string): Step {
  return { progress: done('skipped', reason, error), move: 'wait' };
}
