import { describe, expect, it } from 'vitest';
import { firstProgress, type Progress, type Request, step, timeUp } from '../../src/act/nudge-step.ts';
import type { PaneLook } from '../../src/act/pane-look.ts';
import { readScreen } from '../../src/agents/screen.ts';
import { claude } from '../agents/captures.ts';

const text = 'HEARTBEAT: a look, please.';
const request: Request = { text, panePid: 7, finish: false, wrapped: false, processes: ['node'] };
const look = (screen: string, change: Partial<PaneLook> = {}): PaneLook => ({
  panePid: 7,
  dead: false,
  inMode: false,
  attached: false,
  columns: 200,
  rows: 50,
  fixedSize: false,
  activity: 0,
  command: 'node',
  pending: null,
  screen: readScreen(screen, claude),
  ...change,
});
/** Steps through looks at the given times and gives the moves made. */
const walk = (looks: readonly (readonly [number, PaneLook | null])[], asked: Request = request) => {
  let progress: Progress = firstProgress(0);
  const moves = looks.map(([now, seen]) => {
    const next = step(asked, progress, seen, now);
    progress = next.progress;
    return next.move;
  });
  return { moves, verdict: timeUp(progress) };
};

describe('the steps of a nudge', () => {
  it('are: see an empty composer twice, type, see the text, Enter, see it gone', () => {
    const { moves, verdict } = walk([
      [0, look('❯ ')],
      [210, look('❯ ')],
      [260, look(`❯ ${text}`)],
      [310, look('❯ ')],
    ]);
    expect(moves).toEqual(['wait', 'type', 'enter', 'forget']);
    expect(verdict.result).toBe('ok');
  });

  it('type nothing when the composer only flashed up while the agent works', () => {
    const { moves, verdict } = walk([
      [0, look('❯ ')],
      [210, look('✻ Thinking… (esc to interrupt)\n\n❯ ')],
    ]);
    expect(moves).not.toContain('type');
    expect(verdict).toMatchObject({ result: 'skipped', reason: 'busy' });
  });

  it('wait a while for a screen that is being redrawn, then give up', () => {
    const { moves, verdict } = walk([
      [0, look('')],
      [210, look('')],
      [800, look('')],
    ]);
    expect(moves).toEqual(['wait', 'wait', 'wait']);
    expect(verdict).toMatchObject({ result: 'skipped', reason: 'unreadable' });
    expect(
      walk([
        [0, look('')],
        [100, look('❯ ')],
        [200, look('❯ ')],
        [310, look('❯ ')],
      ]).moves.at(-1),
    ).toBe('type');
  });

  it('wake a program by its window’s size only when nobody is attached', () => {
    const until = (attached: boolean) =>
      walk([
        [0, look('❯ ')],
        [210, look('❯ ')],
        [900, look('❯ ', { attached })],
        [2200, look('❯ ', { attached })],
      ]);
    expect(until(false).moves).toEqual(['wait', 'type', 'wake', 'wait']);
    expect(until(true).moves).toEqual(['wait', 'type', 'wait', 'wait']);
    for (const attached of [true, false])
      expect(until(attached).verdict).toMatchObject({ result: 'failed', reason: 'stranded' });
  });

  it('press no Enter for a dialog that came up after the text was typed', () => {
    const dialog = look('Do you want to proceed?\n❯ 1. Yes\n  2. No\n');
    const { moves, verdict } = walk([
      [0, look('❯ ')],
      [210, look('❯ ')],
      [260, dialog],
    ]);
    expect(moves).not.toContain('enter');
    expect(verdict).toMatchObject({ result: 'failed', reason: 'stranded' });
  });

  it('count a dialog that follows the submission as the agent’s own business', () => {
    const dialog = look('Do you want to proceed?\n❯ 1. Yes\n  2. No\n');
    expect(
      walk([
        [0, look('❯ ')],
        [210, look('❯ ')],
        [260, look(`❯ ${text}`)],
        [310, dialog],
      ]).verdict.result,
    ).toBe('ok');
  });

  it('press Enter again with growing pauses, at most six times', () => {
    const stuck = Array.from({ length: 200 }, (_, index) => [260 + index * 50, look(`❯ ${text}`)] as const);
    const { moves, verdict } = walk([[0, look('❯ ')], [210, look('❯ ')], ...stuck]);
    const at = moves.flatMap((move, index) => (move === 'enter' ? [260 + (index - 2) * 50] : []));
    expect(at).toHaveLength(6);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(gaps).toEqual([...gaps].sort((one, other) => one - other));
    expect(moves.filter((move) => move === 'type')).toHaveLength(1);
    expect(verdict).toMatchObject({ result: 'failed', reason: 'stranded' });
  });

  it('forget a text that vanished in a program which has printed since, without typing in the same attempt', () => {
    const pending = { text: 'old', seen: false, at: 1_000 };
    const { moves, verdict } = walk([
      [0, look('❯ ', { pending, activity: 9 })],
      [700, look('❯ ', { pending, activity: 9 })],
      [2600, look('❯ ', { pending, activity: 9 })],
    ]);
    expect(moves).toEqual(['wait', 'wake', 'forget']);
    expect(verdict).toMatchObject({ result: 'failed', reason: 'lost' });
  });
});
