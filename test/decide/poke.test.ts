import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Pane } from '../../src/model/pane.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { firstState, type State } from '../../src/model/state.ts';
import {
  actionsOf,
  carryOut,
  clockAt,
  decideOn,
  epoch,
  hours,
  minutes,
  noteOf,
  paneOf,
  rig,
  running,
  snapshotAt,
} from './given.ts';

const deacon: Pane = paneOf('deacon', 'gt-deacon');
const townWith = (elapsed: number, stamp: number | null, more: Partial<Snapshot> = {}): Snapshot =>
  snapshotAt(elapsed, [], {
    tmux: running(deacon),
    signs: { deacon: { stamp: known(stamp) } },
    ...more,
  });

/** A town whose deacon has been watched since the epoch and was fresh then. */
const watched: State = carryOut(decideOn(townWith(0, epoch)), firstState);

/** Runs a pass whenever one is due for `span` milliseconds; the deacon's stamp and more are given by the time. */
function live(
  span: number,
  at: (elapsed: number) => Snapshot,
  result?: (plan: Plan) => Parameters<typeof carryOut>[2],
) {
  let state = watched;
  let due = minutes(5);
  const nudges: number[] = [];
  const texts: string[] = [];
  let passes = 0;
  for (let elapsed = minutes(1); elapsed <= span; elapsed += minutes(1)) {
    if (elapsed < due - 30_000) continue;
    const plan = decideOn(at(elapsed), state);
    passes += 1;
    for (const action of plan.actions) {
      if (action.kind !== 'nudge') continue;
      nudges.push(elapsed / minutes(1));
      texts.push(action.text);
    }
    state = carryOut(plan, state, result?.(plan));
    due = elapsed + plan.intervalSeconds * 1000;
  }
  return { nudges, texts, passes, state };
}

describe('a silent deacon', () => {
  it('is nudged when it becomes stale, then with growing patience: 5:00, 7:30, 11:15, 16:52, 25:19, 30:00', () => {
    const { nudges } = live(hours(4), (elapsed) => townWith(elapsed, epoch));
    const gaps = nudges.slice(1).map((time, index) => time - (nudges[index] ?? 0));
    expect(nudges[0]).toBe(5);
    expect(gaps.slice(0, 8)).toEqual([5, 5, 7, 11, 17, 25, 30, 30]);
  });

  it('never gets the same line twice in a row, and every line starts with HEARTBEAT', () => {
    const { texts } = live(hours(8), (elapsed) => townWith(elapsed, epoch));
    expect(texts.length).toBeGreaterThan(10);
    texts.forEach((text, index) => {
      expect(text).toMatch(/^HEARTBEAT: /);
      expect(text).not.toBe(texts[index - 1]);
    });
  });

  it('is left in peace once it answers, and patience starts again', () => {
    const answeredAt = minutes(40);
    const { nudges, state } = live(minutes(44), (elapsed) =>
      townWith(elapsed, elapsed >= answeredAt ? epoch + answeredAt : epoch),
    );
    expect(Math.max(...nudges)).toBeLessThan(40);
    expect(state.agents.deacon?.backoff).toMatchObject({
      intervalMs: minutes(5),
      misses: 0,
    });
    expect(state.agents.deacon?.slot?.consumed).toBe(true);
  });

  it('gets its interval back when a nudge had to be put off, and the delay is counted', () => {
    const deferred = () => () => ({
      result: 'skipped' as const,
      reason: 'draft',
    });
    const { nudges, state } = live(minutes(30), (elapsed) => townWith(elapsed, epoch), deferred);
    expect(nudges).toEqual([5, 10, 15, 20, 25, 30]);
    expect(state.agents.deacon?.deferrals).toMatchObject({
      count: 6,
      reason: 'draft',
    });
    expect(state.agents.deacon?.backoff?.misses ?? 0).toBe(0);
  });

  it('whose nudge was typed but not submitted gets Enter at the next pass, never the text again (F37)', () => {
    const first = decideOn(townWith(minutes(5), epoch), watched);
    const [typed] = first.actions;
    const stranded = carryOut(first, watched, () => ({
      result: 'failed',
      reason: 'stranded',
    }));
    const [finishing] = decideOn(townWith(minutes(10), epoch), stranded).actions;
    expect(typed).toMatchObject({ kind: 'nudge', finish: false });
    expect(finishing).toMatchObject({
      kind: 'nudge',
      finish: true,
      why: 'stranded',
    });
    expect(finishing?.kind === 'nudge' && typed?.kind === 'nudge' && finishing.text === typed.text).toBe(
      true,
    );
  });
});

describe('a town in which nobody works', () => {
  const idle = (elapsed: number, more: Partial<Snapshot> = {}) =>
    townWith(elapsed, epoch, { activity: known(epoch - hours(1)), ...more });

  it('idle for twelve hours gets not a single nudge, and one pass an hour (F24)', () => {
    const { nudges, passes } = live(hours(12), (elapsed) => idle(elapsed));
    expect(nudges).toEqual([]);
    expect(passes).toBeLessThanOrEqual(13);
  });

  it('is nudged all the same when mail waits', () => {
    const plan = decideOn(idle(minutes(60), { waiting: { deacon: { mail: 1 } } }), watched);
    expect(actionsOf(plan)).toEqual(['nudge:deacon because heartbeat-very-stale']);
  });

  it('is nudged all the same when some other agent is in trouble', () => {
    const dead = paneOf('proj/witness', 'gt-proj-witness', {
      command: 'bash',
      descendants: known([]),
    });
    const troubled = snapshotAt(minutes(60), [rig('proj')], {
      tmux: running(deacon, dead),
      activity: known(epoch - hours(1)),
      signs: { deacon: { stamp: known(epoch) } },
    });
    expect(actionsOf(decideOn(troubled, watched))).toContain('nudge:deacon because heartbeat-very-stale');
  });
});

describe('who is nudged', () => {
  it('deacon, running mayor and witnesses, each by its own stamp', () => {
    const mayor = paneOf('mayor', 'gt-mayor');
    const a = paneOf('a/witness', 'gt-a-witness');
    const b = paneOf('b/witness', 'gt-b-witness');
    const crew = paneOf('a/crew/max', 'gt-a-crew-max');
    const at = (elapsed: number) =>
      snapshotAt(elapsed, [rig('a', { crew: ['max'] }), rig('b')], {
        tmux: running(deacon, mayor, a, b, crew),
        signs: Object.fromEntries(
          [
            ['deacon', 0],
            ['mayor', 0],
            ['a/witness', 0],
            ['b/witness', minutes(19)],
          ].map(([id, stamp]) => [id, { stamp: known(epoch + Number(stamp)) }]),
        ),
      });
    const before = carryOut(decideOn(at(0)), firstState);
    const plan = decideOn(at(minutes(20)), before);
    expect(plan.actions.map((action) => action.agent)).toEqual(['deacon', 'mayor', 'a/witness']);
    expect(noteOf(plan, 'b/witness')).toBe('fresh');
  });

  it('an agent whose stamp cannot be read is not nudged on a guess', () => {
    const plan = decideOn(
      townWith(hours(1), null, {
        signs: { deacon: { stamp: unknown('deacon/heartbeat.json is torn') } },
      }),
      watched,
    );
    expect(plan.actions).toEqual([]);
    expect(noteOf(plan, 'deacon')).toBe('signs-unknown');
  });

  it('nobody while the state had to be taken from its backup', () => {
    expect(decideOn(townWith(minutes(20), epoch), watched, { careful: true }).actions).toEqual([]);
  });

  it('at most twenty in one pass', () => {
    const rigs = Array.from({ length: 40 }, (_, i) => rig(`r${i}`));
    const panes = rigs.map(({ name }) => paneOf(`${name}/witness`, `gt-${name}-witness`));
    const at = (elapsed: number) => snapshotAt(elapsed, rigs, { tmux: running(deacon, ...panes) });
    const plan = decideOn(at(minutes(20)), carryOut(decideOn(at(0)), firstState));
    expect(plan.actions).toHaveLength(20);
    expect(plan.warnings.map((warning) => warning.code)).toEqual(['budget-reached']);
  });
});

describe('a newborn (F06)', () => {
  const started = carryOut(decideOn(snapshotAt(0, [])), firstState);
  const born: Pane = {
    ...deacon,
    pane: '%deacon',
    agentPane: '%deacon',
    pid: 4000,
  };
  const bornAt = (elapsed: number, stamp: number | null) =>
    decideOn(
      snapshotAt(elapsed, [], {
        tmux: running(born),
        signs: { deacon: { stamp: known(stamp) } },
      }),
      started,
    );

  it('is not judged by its predecessor’s five-hour-old heartbeat', () => {
    for (let minute = 1; minute < 5; minute += 1) {
      const plan = bornAt(minutes(minute), epoch - hours(5));
      expect(plan.actions).toEqual([]);
      expect(noteOf(plan, 'deacon')).toBe('newborn');
    }
  });

  it('that never shows life is nudged when the grace is over, counting from its start', () => {
    const plan = bornAt(minutes(6), epoch - hours(5));
    expect(actionsOf(plan)).toEqual(['nudge:deacon because heartbeat-stale']);
  });
});

describe('after a gap nobody is blamed for the silence (F33)', () => {
  const gaps: readonly (readonly [string, Instant])[] = [
    ['a night’s suspend', { ...clockAt(hours(9)), awake: clockAt(minutes(1)).awake }],
    ['a reboot', { wall: epoch + hours(1), awake: 60_000, uptime: 60_000, boot: 'boot-2' }],
    ['a clock set one hour ahead', { ...clockAt(minutes(5)), wall: epoch + hours(1) }],
    ['a clock set one hour back', { ...clockAt(minutes(5)), wall: epoch - hours(1) }],
    ['a scheduler that slept', clockAt(hours(9))],
  ];

  it.each(gaps)('%s', (_, now) => {
    const plan = decideOn({ ...townWith(0, epoch), now, activity: known(now.wall) }, watched);
    expect(plan.actions).toEqual([]);
    expect(noteOf(plan, 'deacon')).toMatch(/fresh|newborn/);
  });

  it.each(gaps)('%s: who stays silent is found after the ordinary time', (_, now) => {
    const resumed = carryOut(
      decideOn({ ...townWith(0, epoch), now, activity: known(now.wall) }, watched),
      watched,
    );
    const later = minutes(16);
    const then = {
      ...now,
      wall: now.wall + later,
      awake: now.awake + later,
      uptime: now.uptime + later,
    };
    const plan = decideOn({ ...townWith(0, epoch), now: then, activity: known(then.wall) }, resumed);
    expect(actionsOf(plan).join()).toContain('nudge:deacon');
  });

  it('a clock set back does not stop the backoff', () => {
    const poked = carryOut(decideOn(townWith(minutes(20), epoch), watched), watched);
    const back = { ...clockAt(minutes(30)), wall: epoch - hours(1) };
    const stepped = carryOut(
      decideOn({ ...townWith(0, null), now: back, activity: known(back.wall) }, poked),
      poked,
    );
    const then = {
      ...clockAt(minutes(50)),
      wall: epoch - hours(1) + minutes(20),
    };
    const plan = decideOn({ ...townWith(0, null), now: then, activity: known(then.wall) }, stepped);
    expect(actionsOf(plan).join()).toContain('nudge:deacon');
  });

  it('a stamp from the future ages from when it was first seen', () => {
    const future = epoch + hours(24 * 365);
    const { nudges } = live(minutes(30), (elapsed) => townWith(elapsed, future));
    expect(nudges[0]).toBe(10);
  });
});
