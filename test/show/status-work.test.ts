import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/model/fact.ts';
import type { HookedWork, Snapshot } from '../../src/model/snapshot.ts';
import { firstState, type State } from '../../src/model/state.ts';
import { noPassReport } from '../../src/show/no-pass.ts';
import { townStatus } from '../../src/show/status.ts';
import { statusDocument } from '../../src/show/status-document.ts';
import { statusText } from '../../src/show/status-text.ts';
import { plain } from '../../src/show/style.ts';
import { decideOn, epoch, minutes, paneOf, rig, running, snapshotAt } from '../decide/given.ts';

const rigs = [rig('proj', { crew: ['max'], polecats: ['toast'] })];
const toast = 'proj/polecats/toast';
const panes = [paneOf('deacon', 'gt-deacon'), paneOf('proj/witness', 'gt-proj-witness')];
const dead = { status: 1, signal: null, at: epoch / 1000 };
const since = new Date(epoch - minutes(60)).toISOString();
const on = (agent: string, id = 'gw-1'): HookedWork => ({ id, title: 'repair it', agent, since });
const parked: State = {
  ...firstState,
  work: [{ work: 'gw-1', agent: toast, seen: { at: since, awake: 0 }, deaths: 4, parked: since }],
};
const hold = { target: toast, kind: 'hold', by: 'ann', reason: 'mine', since, until: null } as const;

function status(more: Partial<Snapshot>, state = firstState) {
  const snapshot = snapshotAt(0, rigs, { tmux: running(...panes), ...more });
  const last = {
    ...noPassReport('/towns/one', 'due', new Date(epoch + minutes(3)), 0),
    started_at: new Date(epoch - minutes(2)).toISOString(),
    finished_at: new Date(epoch - minutes(2)).toISOString(),
    interval_seconds: 300,
  };
  const seen = townStatus({
    name: 'one',
    root: '/towns/one',
    now: new Date(epoch),
    snapshot,
    state,
    plan: decideOn(snapshot, state),
    last,
    nextDueAt: new Date(epoch + minutes(3)),
    atWork: null,
    warnings: [],
  });
  const places = () => ({ hasWitness: true, hasRefinery: false });
  const document = JSON.parse(JSON.stringify(statusDocument(seen, rigs, places, null)));
  return { health: seen.health, text: statusText(seen, plain), document };
}

describe('work on the hook of somebody who does not run', () => {
  it('degrades the town when its dead polecat is to be started again', () => {
    for (const tmux of [
      running(...panes),
      running(...panes, paneOf(toast, 'gt-proj-toast', { dead })),
      running(...panes, paneOf(toast, 'gt-proj-toast', { command: 'bash', descendants: known([]) })),
    ]) {
      const { health, text } = status({ tmux, hooked: known([on(toast)]) });
      expect(health).toBe('degraded');
      expect(text).toMatch(/not well\n {2}✗ {2}proj\/polecats\/toast/);
    }
  });

  it('degrades the town while it is parked, gone session or dead pane, and says so (F26)', () => {
    for (const tmux of [running(...panes), running(...panes, paneOf(toast, 'gt-proj-toast', { dead }))]) {
      const { health, text, document } = status({ tmux, hooked: known([on(toast)]) }, parked);
      expect(health).toBe('degraded');
      expect(text).toMatch(/✗ {2}proj\/polecats\/toast .* work gw-1 on its hook is parked\n/);
      expect(document.unwell).toEqual([toast]);
    }
  });

  it('degrades the town where nobody keeps its holder running (F73)', () => {
    const { health, text } = status({ hooked: known([on('proj/crew/max')]) });
    expect(health).toBe('degraded');
    expect(text).toContain('work gw-1 on its hook, and nobody keeps it running');
  });

  it('degrades the town where its holder is no agent of it any more, parked or not', () => {
    for (const state of [firstState, parked]) {
      const { health, text, document } = status({ hooked: known([on('proj/polecats/gone')]) }, state);
      expect(health).toBe('degraded');
      expect(text).toContain('✗  proj/polecats/gone  no agent of this town    work gw-1 on its hook\n');
      expect(document.work_of_nobody).toEqual([{ id: 'gw-1', agent: 'proj/polecats/gone' }]);
    }
  });

  it('leaves the town healthy where its holder lives, is held, or says that it has finished (F22)', () => {
    const record = { agent: toast, state: 'done', updated: since, notifications: null, cleanup: null };
    for (const more of [
      { tmux: running(...panes, paneOf(toast, 'gt-proj-toast')) },
      { holds: known([hold]) },
      { records: known({ [toast]: record }) },
    ]) {
      const { health, document } = status({ hooked: known([on(toast)]), ...more });
      expect(health).toBe('healthy');
      expect(document.unwell).toEqual([]);
    }
  });

  it('is not said to be nobody’s where the rigs cannot be read (F77)', () => {
    const { health, document } = status({
      rigs: unknown('torn'),
      agents: [],
      hooked: known([on(toast)]),
    });
    expect(health).toBe('unknown');
    expect(document.work_of_nobody).toEqual([]);
  });
});
