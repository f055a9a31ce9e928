import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/model/fact.ts';
import type { Message } from '../../src/model/message.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { epoch, messageWith, minutes, noteOf } from './given.ts';
import { life, toast, townAt } from './recovery.ts';

function started(more: Partial<Message> = {}): Message {
  const body = 'Issue: gt-1\nSession: gt-proj-toast\n';
  return messageWith({ subject: 'POLECAT_STARTED proj/toast', body, ...more });
}

const waiting = (...messages: readonly Message[]): Partial<Snapshot> => ({
  keeper: known({ waiting: messages, claimed: [] }),
});

describe('a POLECAT_STARTED mail', () => {
  it('is answered by "Begin." to the very session it names', () => {
    const plan = life().pass(townAt(minutes(1), {}, waiting(started())));
    expect(plan.actions).toEqual([
      expect.objectContaining({
        kind: 'nudge',
        id: 'nudge:gm-1',
        agent: toast,
        session: 'gt-proj-toast',
        text: 'Begin.',
        finish: false,
        spawn: { message: 'gm-1', resumed: false },
      }),
    ]);
  });

  it('waits for its polecat, and the next pass comes at the next call of the scheduler', () => {
    const plan = life().pass(townAt(minutes(1), { [toast]: null }, waiting(started())));
    expect(plan.actions).toEqual([]);
    expect(plan.notes.filter(({ agent }) => agent === toast).map(({ why }) => why)).toContain(
      'spawn-waiting',
    );
    expect(plan.intervalSeconds).toBe(60);
  });

  it.each<[string, Partial<Message>, string]>([
    ['older than five minutes', { at: new Date(epoch - minutes(6)).toISOString() }, 'too-old'],
    ['from the future', { at: new Date(epoch + minutes(3)).toISOString() }, 'from-the-future'],
    ['undated', { at: null }, 'undated'],
    ['that names a session of somebody else', { body: 'Session: gt-other-toast' }, 'foreign-session'],
    ['that names nobody', { subject: 'POLECAT_STARTED ' }, 'unreadable'],
    ['that names no polecat', { subject: 'POLECAT_STARTED proj' }, 'unreadable'],
  ])('%s is retired, and nobody is typed to', (_name, more, why) => {
    const plan = life().pass(townAt(minutes(0), {}, waiting(started(more))));
    expect(plan.actions).toMatchObject([{ kind: 'settle', deed: 'retire', why, message: 'gm-1' }]);
  });

  it('never types into a session that this town did not start', () => {
    const plan = life().pass(townAt(minutes(1), { [toast]: { town: '/towns/two' } }, waiting(started())));
    expect(plan.actions).toEqual([]);
    expect(noteOf(plan, toast)).toBe('foreign');
  });

  it('is left while its polecat is held', () => {
    const hold = { target: 'proj', kind: 'parked' as const, reason: '', by: 'you', since: null, until: null };
    const plan = life().pass(townAt(minutes(1), {}, { ...waiting(started()), holds: known([hold]) }));
    expect(plan.actions).toEqual([]);
  });

  it('is left while nobody can tell who is held, and no timer types to anybody either', () => {
    const subject = `TIMER: proj/polecats/toast wake at ${new Date(epoch).toISOString()}`;
    const timer = started({ id: 'gm-2', from: 'proj/polecats/toast', subject, body: '' });
    const decided = (holds: Snapshot['holds']) =>
      life()
        .pass(townAt(minutes(1), {}, { ...waiting(started(), timer), holds }))
        .actions.flatMap((action) =>
          action.kind === 'nudge' || action.kind === 'mail' ? [[action.kind, action.pane]] : [],
        );
    expect(decided(known([])).map(([kind]) => kind)).toEqual(['mail', 'nudge']);
    expect(decided(unknown('torn'))).toEqual([['mail', null]]);
  });

  it('twice for one polecat is answered once', () => {
    const plan = life().pass(townAt(minutes(1), {}, waiting(started(), started({ id: 'gm-2' }))));
    expect(plan.actions.map(({ kind }) => kind)).toEqual(['nudge', 'settle']);
  });

  it('that an interrupted pass had claimed only gets its Enter, no text', () => {
    const claimed = { keeper: known({ waiting: [], claimed: [started()] }) };
    const [nudge] = life().pass(townAt(minutes(1), {}, claimed)).actions;
    expect(nudge).toMatchObject({ kind: 'nudge', finish: true, spawn: { message: 'gm-1', resumed: true } });
  });
});
