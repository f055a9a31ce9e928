import { describe, expect, it } from 'vitest';
import { known } from '../../src/model/fact.ts';
import type { Message } from '../../src/model/message.ts';
import { noPassReport } from '../../src/show/no-pass.ts';
import { complaintsOf, newTrouble } from '../../src/show/pass-events.ts';
import { decideOn, epoch, messageWith, paneOf, rig, running, snapshotAt } from './given.ts';

const rigs = [rig('proj', { crew: ['max'] })];
const tmux = running(paneOf('deacon', 'gt-deacon'), paneOf('proj/witness', 'gt-proj-witness'));
const timer = (text: string, more: Partial<Message> = {}): Message =>
  messageWith({ subject: `TIMER: ${text}`, from: 'proj/crew/max', ...more });
const decided = (waiting: readonly Message[], claimed: readonly Message[] = []) =>
  decideOn(snapshotAt(0, rigs, { tmux, keeper: known({ waiting, claimed }) }));
const told = (...waiting: readonly Message[]) => decided(waiting).warnings.map(({ message }) => message);

describe('a timer that cannot work', () => {
  it.each([
    ['proj/max wake at noon', 'its time is neither RFC 3339, HH:MM nor "in 20m"'],
    ['proj/max wake in a while', 'its time is not a span like "20m" or "1h 30m"'],
    ['wake me up', 'it is not "TIMER: <identity> wake at <time>"'],
    ['proj/maxx wake in 20m', 'there is no agent proj/maxx; did it mean proj/crew/max'],
    ['nobody wake in 20m', 'there is no agent nobody'],
  ])('is warned of: %s', (text, why) => {
    expect(told(timer(text))).toEqual([
      `A timer of proj/crew/max wakes nobody: ${why}. The deacon has it as mail: gt mail inbox deacon/`,
    ]);
  });

  it('is told once where nobody watches, not at each pass', () => {
    const { warnings } = decided([timer('proj/max wake at noon')]);
    const report = { ...noPassReport('/towns/one', 'due', new Date(epoch), 0), warnings };
    const before = complaintsOf({ ...report, warnings: [] });
    expect(newTrouble(report, before)).toHaveLength(1);
    expect(newTrouble(report, complaintsOf(report))).toEqual([]);
  });

  it('fails no pass, and keeps no other timer from its agent', () => {
    const plan = decided([
      timer('proj/max wake at noon'),
      timer('proj/max wake at 2026-03-01T11:59:00Z', { id: 'gm-2' }),
    ]);
    expect(plan.exit).toBe(0);
    expect(plan.actions.map(({ id }) => id)).toEqual(['mail:gm-2']);
  });

  it('is named in at most five lines, with nothing in them that a terminal would obey', () => {
    const many = Array.from({ length: 9 }, (_, at) => timer(`proj/\u001b[31mx${at}\u202e wake in 5m`));
    expect(told(...many)).toHaveLength(5);
    expect(told(...many).join('')).not.toMatch(/[\u0000-\u001f\u202e]/);
  });

  it('says so too when its agent has gone since it was taken up', () => {
    expect(decided([], [timer('proj/gone wake in 5m')]).warnings).toMatchObject([{ code: 'timer-hopeless' }]);
  });

  it('is not every mail that no timer can be made of', () => {
    expect(told(messageWith({ subject: 'my timer is broken' }), timer('proj/max wake in 5m'))).toEqual([]);
  });
});
