import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/model/fact.ts';
import type { Message } from '../../src/model/message.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { RequestAction } from '../../src/model/request.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { firstState, noMemory, type State } from '../../src/model/state.ts';
import {
  actionsOf,
  carryOut,
  decideOn,
  deedsOf,
  epoch,
  hours,
  messageWith,
  minutes,
  noteOf,
  paneOf,
  rig,
  running,
  snapshotAt,
} from './given.ts';

const deacon = paneOf('deacon', 'gt-deacon');
const witness = paneOf('proj/witness', 'gt-proj-witness', { pid: 501, pane: '%5' });
const max = paneOf('proj/crew/max', 'gt-proj-crew-max', { pid: 601, pane: '%6' });
const rigs = [rig('proj', { crew: ['max'] })];

let ids = 0;
function mail(from: string, body: string, more: Partial<Message> = {}): Message {
  ids += 1;
  const id = `gm-${String(ids).padStart(3, '0')}`;
  return messageWith({ id, from, subject: `LIFECYCLE: ${from} requesting something`, body, ...more });
}
const ask = (from: string, action: string, more: Partial<Message> = {}) =>
  mail(from, JSON.stringify({ action }), { subject: `LIFECYCLE: ${from} requesting ${action}`, ...more });

interface Given {
  readonly waiting?: readonly Message[];
  readonly claimed?: readonly Message[];
  readonly flags?: Readonly<Record<string, readonly RequestAction[]>>;
  readonly elapsed?: number;
  readonly state?: State;
  readonly more?: Partial<Snapshot>;
}

function decided({
  waiting = [],
  claimed = [],
  flags = {},
  elapsed = 1000,
  state = firstState,
  more = {},
}: Given) {
  return decideOn(
    snapshotAt(elapsed, rigs, {
      tmux: running(deacon, witness, max),
      keeper: known({ waiting, claimed }),
      flags: Object.fromEntries(
        ['deacon', 'proj/witness', 'proj/crew/max'].map((id) => [id, known(flags[id] ?? [])]),
      ),
      ...more,
    }),
    state,
  );
}

describe('a request that its agent confirms', () => {
  it.each([
    ['cycle', 'cycle'],
    ['restart', 'restart'],
    ['shutdown', 'shutdown'],
    ['stop', 'shutdown'],
  ] as const)('to %s is carried out', (word, deed) => {
    const plan = decided({ waiting: [ask('proj/witness', word)], flags: { 'proj/witness': [deed] } });
    expect(actionsOf(plan)).toEqual([`settle:proj/witness because requested-${deed}`]);
    expect(plan.actions[0]).toMatchObject({ kind: 'settle', deed, pane: '%5', panePid: 501, resumed: false });
  });

  it.each(['proj/crew/max', 'proj/max', 'proj-crew-max', 'gt-proj-crew-max'])(
    'is understood when its sender is spelled %s',
    (from) => {
      const plan = decided({
        waiting: [mail(from, 'cycle', { subject: 'LIFECYCLE: now' })],
        flags: { 'proj/crew/max': ['cycle'] },
      });
      expect(actionsOf(plan)).toEqual(['settle:proj/crew/max because requested-cycle']);
    },
  );

  it('of several the newest counts, and the others end as superseded without an answer', () => {
    const older = ask('proj/witness', 'cycle', { at: new Date(epoch - minutes(10)).toISOString() });
    const newer = ask('proj/witness', 'shutdown');
    const plan = decided({ waiting: [newer, older], flags: { 'proj/witness': ['cycle', 'shutdown'] } });
    expect(actionsOf(plan)).toEqual([
      `settle:${older.id} because superseded`,
      'settle:proj/witness because requested-shutdown',
    ]);
    expect(plan.actions[0]).toMatchObject({ deed: 'retire', refusal: { reply: false } });
  });

  it('keeps every other rule away from its agent in the same pass', () => {
    const dead = { ...witness, dead: { status: 0, signal: null, at: null } };
    const plan = decided({
      waiting: [ask('proj/witness', 'shutdown')],
      flags: { 'proj/witness': ['shutdown'] },
      more: { tmux: running(deacon, dead, max) },
    });
    expect(plan.actions.map((action) => action.kind)).toEqual(['settle']);
  });

  it('waits while its agent is held', () => {
    const hold = { target: 'proj', kind: 'parked' as const, reason: '', by: '', since: null, until: null };
    const plan = decided({
      waiting: [ask('proj/witness', 'cycle')],
      flags: { 'proj/witness': ['cycle'] },
      more: { holds: known([hold]) },
    });
    expect(deedsOf(plan)).toEqual([]);
  });

  it('waits while tmux does not answer', () => {
    const plan = decided({
      waiting: [ask('proj/witness', 'cycle')],
      flags: { 'proj/witness': ['cycle'] },
      more: { tmux: unknown('hangs') },
    });
    expect(deedsOf(plan)).toEqual([]);
  });

  it('at most three agents are ended in one pass (F18)', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const many = names.map((name) => rig(name));
    const panes = names.map((name) => paneOf(`${name}/witness`, `gt-${name}-witness`));
    const plan = decideOn(
      snapshotAt(1000, many, {
        tmux: running(deacon, ...panes),
        keeper: known({ waiting: names.map((name) => ask(`${name}/witness`, 'cycle')), claimed: [] }),
        flags: Object.fromEntries(names.map((name) => [`${name}/witness`, known(['cycle' as const])])),
      }),
    );
    expect(plan.actions).toHaveLength(3);
    expect(plan.intervalSeconds).toBe(60);
  });
});

describe('a request that its agent does not confirm', () => {
  it('kills nobody, waits for the flag, and looks again within the scheduler’s step or so (F05)', () => {
    const plan = decided({ waiting: [ask('proj/witness', 'cycle')] });
    expect(deedsOf(plan)).toEqual([]);
    expect(noteOf(plan, 'proj/witness')).toBe('flag-missing');
  });

  it('is not confirmed by the flag of another action', () => {
    const plan = decided({
      waiting: [ask('proj/witness', 'shutdown')],
      flags: { 'proj/witness': ['cycle'] },
    });
    expect(deedsOf(plan)).toEqual([]);
  });

  it('ends after five minutes with an answer that says what to send', () => {
    const plan = decided({ waiting: [ask('proj/witness', 'cycle')], elapsed: minutes(6) });
    expect(plan.actions).toHaveLength(1);
    expect(plan.actions[0]).toMatchObject({ deed: 'retire', why: 'not-confirmed', refusal: { reply: true } });
  });

  it('waits as long as the state file cannot be read', () => {
    const plan = decided({
      waiting: [ask('proj/witness', 'cycle')],
      elapsed: hours(1),
      more: { flags: { 'proj/witness': unknown('torn') } },
    });
    expect(deedsOf(plan)).toEqual([]);
    expect(noteOf(plan, 'proj/witness')).toBe('flag-unknown');
  });
});

describe('a request that cannot be carried out is retired with its reason (F04, F69)', () => {
  const flags = { 'proj/witness': ['cycle', 'restart', 'shutdown'] as const };
  const at = (time: number) => new Date(time).toISOString();
  it.each([
    [
      'exactly six hours old',
      ask('proj/witness', 'cycle', { at: at(epoch + 1000 - hours(6)) }),
      'requested-cycle',
      null,
    ],
    ['older than six hours', ask('proj/witness', 'cycle', { at: at(epoch - hours(6)) }), 'too-old', false],
    [
      'dated in the future',
      ask('proj/witness', 'cycle', { at: at(epoch + hours(1)) }),
      'from-the-future',
      false,
    ],
    ['undated', ask('proj/witness', 'cycle', { at: null }), 'undated', false],
    ['unreadable', mail('proj/witness', 'please be so kind', { subject: 'LIFECYCLE:' }), 'unparseable', true],
    ['an unknown verb', ask('proj/witness', 'reboot'), 'unknown-action', true],
    ['for an agent nobody knows', ask('proj/nobody', 'cycle'), 'unknown-agent', true],
    [
      'from somebody who may not ask',
      ask('proj/crew/max', 'cycle', { subject: 'LIFECYCLE: proj/witness requesting cycle' }),
      'not-allowed',
      true,
    ],
  ])('%s', (_, message, why, reply) => {
    const plan = decided({ waiting: [message], flags });
    expect(plan.actions.map((action) => action.why)).toEqual([why]);
    if (reply !== null) expect(plan.actions[0]).toMatchObject({ deed: 'retire', refusal: { reply } });
  });

  it('takes the flag of an outdated request with it, unless a newer request still needs it', () => {
    const old = ask('proj/witness', 'cycle', { at: at(epoch - hours(7)) });
    expect(decided({ waiting: [old], flags }).actions[0]).toMatchObject({ why: 'too-old', flag: 'cycle' });
    const both = decided({ waiting: [old, ask('proj/witness', 'cycle')], flags });
    expect(both.actions[0]).toMatchObject({ why: 'too-old', flag: null });
  });

  it('names and verbs inside an agent’s name mean nothing', () => {
    const odd = [rig('restart-cycle')];
    const pane = paneOf('restart-cycle/witness', 'gt-restart-cycle-witness');
    const plan = decideOn(
      snapshotAt(1000, odd, {
        tmux: running(deacon, pane),
        keeper: known({ waiting: [ask('restart-cycle/witness', 'shutdown')], claimed: [] }),
        flags: { 'restart-cycle/witness': known(['shutdown' as const]) },
      }),
    );
    expect(actionsOf(plan)).toEqual(['settle:restart-cycle/witness because requested-shutdown']);
  });

  it('ordinary mail in the same box is left alone', () => {
    const plan = decided({ waiting: [mail('overseer', 'cycle', { subject: 'please cycle the witness' })] });
    expect(deedsOf(plan)).toEqual([]);
  });

  it('nothing is retired while the store or the rigs cannot be read', () => {
    expect(deedsOf(decided({ more: { keeper: unknown('busy') } }))).toEqual([]);
    const blind = decided({ waiting: [ask('proj/nobody', 'cycle')], more: { rigs: unknown('torn') } });
    expect(deedsOf(blind)).toEqual([]);
  });
});

describe('an interrupted request', () => {
  const request = ask('proj/witness', 'cycle');
  const intended = decided({ waiting: [request], flags: { 'proj/witness': ['cycle'] } }).state;

  it('whose agent is gone gets its start, without a second look at its flag or age', () => {
    const plan = decided({
      claimed: [request],
      state: intended,
      elapsed: hours(8),
      more: { tmux: running(deacon, max) },
    });
    expect(plan.actions.find((action) => action.kind === 'settle')).toMatchObject({
      deed: 'cycle',
      resumed: true,
      pane: null,
    });
  });

  it('of a process that we replaced since counts no more, long after the brake has forgotten that start', () => {
    const asked = ask('proj/witness', 'cycle');
    const absent = decided({ elapsed: minutes(1), more: { tmux: running(deacon, max) } });
    const place = { pane: '%5', panePid: 501, serverPid: 77 };
    const started = carryOut(absent, firstState, (id) => (id === 'start:proj/witness' ? place : {}));
    const { 'proj/witness': memory = noMemory } = started.agents;
    const state = { ...started, agents: { ...started.agents, 'proj/witness': { ...memory, brake: null } } };
    const plan = decided({
      waiting: [asked],
      flags: { 'proj/witness': ['cycle'] },
      elapsed: minutes(40),
      state,
    });
    expect(plan.actions.find(({ kind }) => kind === 'settle')).toMatchObject({
      deed: 'retire',
      why: 'replaced',
    });
  });

  it('F10: of a crew worker that cannot be started again either time is told to the human until it runs', () => {
    const asked = ask('proj/crew/max', 'restart');
    const begun = decided({ waiting: [asked], flags: { 'proj/crew/max': ['restart'] } });
    const gone = { tmux: running(deacon, witness) };
    const at = (minute: number, state: State, more: Given = {}) =>
      decided({ elapsed: minutes(minute), state, more: gone, ...more });
    const refused = () => ({ result: 'failed' as const, error: 'it ended at once', reason: null });
    const once = carryOut(begun, firstState, refused);
    const again = at(1, once, { claimed: [asked] });
    expect(again.actions.find(({ kind }) => kind === 'settle')).toMatchObject({ resumed: true });
    const told = (plan: Plan) =>
      plan.actions.flatMap((action) => (action.kind === 'alert' ? [`${action.notice} ${action.id}`] : []));
    expect(told(again)).toEqual([]);
    let state = carryOut(again, once, (id) => (id === 'settle:proj/crew/max' ? refused() : {}));
    const notices: string[] = [];
    for (let minute = 2; minute < 20; minute += 1) {
      const plan = at(minute, state, minute < 10 ? {} : { more: {} });
      notices.push(...told(plan).map((notice) => `${notice} at ${minute}`));
      state = carryOut(plan, state);
    }
    expect(notices).toEqual([
      'opened alert:restart-failed:proj/crew/max at 2',
      'recovered alert:restart-failed:proj/crew/max at 13',
    ]);
    const held = { target: 'proj', kind: 'parked' as const, reason: '', by: '', since: null, until: null };
    const kept = carryOut(again, once, (id) => (id === 'settle:proj/crew/max' ? refused() : {}));
    expect(told(at(2, kept, { more: { ...gone, holds: known([held]) } }))).toEqual([]);
  });

  it('whose agent lives on as before goes on: nothing had been done', () => {
    const plan = decided({ claimed: [request], state: intended });
    expect(plan.actions.find((action) => action.kind === 'settle')).toMatchObject({
      deed: 'cycle',
      resumed: true,
      panePid: 501,
    });
  });

  it('whose agent lives as another process is only confirmed, never killed again', () => {
    const successor = { ...witness, pid: 777 };
    const plan = decided({
      claimed: [request],
      state: intended,
      more: { tmux: running(deacon, successor, max) },
    });
    expect(plan.actions.find((action) => action.kind === 'settle')).toMatchObject({
      deed: 'confirm',
      resumed: true,
    });
  });

  it('of which nothing is known but the claim ends nobody, claims nothing and is answered', () => {
    const plan = decided({ claimed: [request] });
    expect(plan.actions.find((action) => action.kind === 'settle')).toMatchObject({
      deed: 'retire',
      why: 'unsure',
      flag: 'cycle',
      refusal: { reply: true },
    });
  });

  it('stays known over passes that could not go on with it', () => {
    const blind = decided({ claimed: [request], state: intended, more: { tmux: unknown('hangs') } });
    const state = carryOut(blind, intended);
    const plan = decided({ claimed: [request], state });
    expect(plan.actions.find((action) => action.kind === 'settle')).toMatchObject({
      deed: 'cycle',
      panePid: 501,
    });
    expect(carryOut(plan, state).claims).toEqual([]);
  });

  it('to shut down is finished although its own hold stands already', () => {
    const stop = ask('proj/witness', 'shutdown');
    const begun = decided({ waiting: [stop], flags: { 'proj/witness': ['shutdown'] } }).state;
    const hold = {
      target: 'proj/witness',
      kind: 'shutdown' as const,
      reason: '',
      by: '',
      since: null,
      until: null,
    };
    const plan = decided({ claimed: [stop], state: begun, more: { holds: known([hold]) } });
    expect(plan.actions.find((action) => action.kind === 'settle')).toMatchObject({
      deed: 'shutdown',
      resumed: true,
    });
  });

  it('waits while the state had to be taken from its backup', () => {
    const snapshot = snapshotAt(1000, rigs, {
      tmux: running(deacon, witness, max),
      keeper: known({ waiting: [ask('proj/witness', 'cycle')], claimed: [] }),
      flags: { 'proj/witness': known(['cycle' as const]) },
    });
    expect(deedsOf(decideOn(snapshot, firstState, { careful: true }))).toEqual([]);
  });
});

describe('timers', () => {
  const timer = (when: string) =>
    mail('proj/witness', '', { subject: `TIMER: proj/witness wake at ${when}` });

  it('become a wake mail when their time has come', () => {
    const plan = decided({ waiting: [timer(new Date(epoch).toISOString())] });
    expect(plan.actions).toHaveLength(1);
    expect(plan.actions[0]).toMatchObject({
      kind: 'mail',
      agent: 'proj/witness',
      mailbox: 'proj/witness',
      pane: '%5',
    });
  });

  it('to come bring the next pass forward to their time', () => {
    const plan = decided({ waiting: [timer('in 3m')], more: { activity: known(epoch - hours(2)) } });
    expect(deedsOf(plan)).toEqual([]);
    expect(plan.intervalSeconds).toBe(179);
  });

  it('that cannot be read or name nobody are left to the deacon', () => {
    expect(deedsOf(decided({ waiting: [timer('when the cows come home')] }))).toEqual([]);
    const nobody = mail('overseer', '', { subject: 'TIMER: proj/nobody wake at 2020-01-01T00:00:00Z' });
    expect(deedsOf(decided({ waiting: [nobody] }))).toEqual([]);
  });
});

describe('over any mail', () => {
  it('no agent is ended without its own flag, a readable date and its own or an allowed sender', () => {
    const message = fc.record({
      from: fc.constantFrom('proj/witness', 'proj/crew/max', 'overseer', 'mayor/', 'nobody', ''),
      subject: fc.oneof(
        fc.string(),
        fc.constantFrom(
          'LIFECYCLE: proj/witness requesting cycle',
          'lifecycle: proj-witness requesting stop',
          'LIFECYCLE:',
        ),
      ),
      body: fc.oneof(
        fc.string(),
        fc.constantFrom('cycle', '{"action":"shutdown"}', 'Action: restart', 'stop', '{"action":5}'),
      ),
      at: fc.option(
        fc
          .integer({ min: epoch - hours(10), max: epoch + hours(2) })
          .map((time) => new Date(time).toISOString()),
      ),
    });
    const flag = fc.constantFrom<RequestAction[]>(
      [],
      ['cycle'],
      ['shutdown'],
      ['cycle', 'restart', 'shutdown'],
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), flag, flag, (messages, ofWitness, ofMax) => {
        const flags = { 'proj/witness': ofWitness, 'proj/crew/max': ofMax };
        const waiting = messages.map(({ from, body, ...more }) => mail(from, body, more));
        const plan = decided({ waiting, flags });
        const settled = new Set<string>();
        for (const action of plan.actions) {
          if (action.kind !== 'settle') continue;
          expect(settled.has(action.message)).toBe(false);
          settled.add(action.message);
          if (action.deed === 'retire') {
            expect(action.refusal?.sentence).toMatch(/^[\x20-\x7e]+$/);
            continue;
          }
          const own =
            action.agent === 'proj/witness' ? ofWitness : action.agent === 'proj/crew/max' ? ofMax : [];
          expect(own).toContain(action.deed);
          const sent = Date.parse(waiting.find(({ id }) => id === action.message)?.at ?? '');
          expect(epoch + 1000 - sent).toBeLessThanOrEqual(hours(6));
        }
        expect(carryOut(plan, firstState).intent).toBeNull();
      }),
      { numRuns: 3000 },
    );
  });
});
