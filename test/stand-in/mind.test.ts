import { describe, expect, it } from 'vitest';
import { readScreen } from '../../src/agents/screen.ts';
import { face } from '../../src/stand-in/face.ts';
import { feel, type Mind, newMind, obey } from '../../src/stand-in/mind.ts';
import { readOptions } from '../../src/stand-in/options.ts';

const marks = { composer: ['❯'], busy: ['esc to interrupt'], context: ['context limit reached'] };
const shown = (mind: Mind, columns = 100) =>
  readScreen(face(mind, columns, 40).replaceAll('\r\n', '\n'), marks);
const typed = (mind: Mind, text: string) => [...text].reduce((now, char) => feel(now, char).mind, mind);
const calm = newMind('stand-in');

describe('a stand-in', () => {
  it('shows what a real agent would show', () => {
    expect(shown(calm).kind).toBe('empty-composer');
    expect(shown(typed(calm, 'half a')).composer).toBe('half a');
    expect(shown(obey(calm, 'dialog').mind)).toMatchObject({
      kind: 'dialog',
      detail: 'Do you want to proceed?',
    });
    expect(shown(obey(calm, 'busy').mind).kind).toBe('busy');
    expect(shown(obey(calm, 'limit').mind).kind).toBe('limit');
    expect(shown(obey(calm, 'full').mind).kind).toBe('context');
    expect(shown(obey(calm, 'draft my own').mind).composer).toBe('my own');
  });

  it('shows the whole of a long input in a narrow window', () => {
    const long = 'one two three four five six seven eight nine ten';
    expect(shown(typed(calm, long), 20).composer?.replace(/\s/g, '')).toBe(long.replaceAll(' ', ''));
  });

  it('submits a line at Enter, swallows as many as it was told to, and answers heartbeats', () => {
    expect(feel(typed(calm, 'hello'), '\r').deeds).toEqual([{ kind: 'submitted', line: 'hello' }]);
    const greedy = typed(obey(calm, 'swallow 1').mind, 'hello');
    const once = feel(greedy, '\r');
    expect(once.deeds).toEqual([{ kind: 'swallowed' }]);
    expect(feel(once.mind, '\r').deeds).toEqual([{ kind: 'submitted', line: 'hello' }]);
    expect(feel(typed(calm, 'HEARTBEAT: hello'), '\r').deeds).toContainEqual({ kind: 'live' });
    expect(obey(calm, 'exit 3').deeds).toEqual([{ kind: 'exit', status: 3 }]);
  });

  it('notes every key that is neither text nor Enter, and leaves a dialog only by a number', () => {
    expect(feel(calm, '\x1b').deeds).toEqual([{ kind: 'key', key: '\x1b' }]);
    const asking = obey(calm, 'dialog').mind;
    expect(feel(asking, '\r').mind.dialog).toBe(true);
    expect(feel(asking, '2').mind.dialog).toBe(false);
  });

  it('runs a program on request', () => {
    expect(obey(calm, 'run gt handoff -m "a b"').deeds).toEqual([
      { kind: 'run', line: 'gt handoff -m "a b"' },
    ]);
  });

  it('finds its sign of life from the environment agents are started with', () => {
    const of = (env: Record<string, string>) => readOptions([], env).sign;
    expect(of({ GT_ROOT: '/t', GT_ROLE: 'deacon' })).toEqual({
      file: '/t/deacon/heartbeat.json',
      shape: 'heartbeat',
    });
    expect(of({ GT_ROOT: '/t', GT_ROLE: 'crew', GT_RIG: 'p', GT_CREW: 'max' })).toEqual({
      file: '/t/p/crew/max/.runtime/keepalive.json',
      shape: 'keepalive',
    });
    expect(of({})).toBeNull();
    expect(readOptions(['--log-dir', '/l', 'a', 'prompt'], { GT_SESSION: 'gt-x' })).toMatchObject({
      log: '/l/gt-x.log',
      prompt: 'a prompt',
    });
    expect(() => readOptions(['--every', '0'], {})).toThrow(/milliseconds/);
  });
});
