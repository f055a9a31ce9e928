import { describe, expect, it } from 'vitest';
import { known } from '../../src/model/fact.ts';
import type { Action } from '../../src/model/plan.ts';
import { firstState } from '../../src/model/state.ts';
import { actionsOf, decideOn, minutes, paneOf, rig, running, snapshotAt, town } from './given.ts';

const max = 'proj/crew/max';
const session = 'gt-proj-crew-max';
const rigs = [rig('proj', { crew: ['max'] })];
const dead = paneOf(max, session, { dead: { status: null, signal: '9', at: null } });
const recreate = (why: string): Action => ({
  kind: 'recreate',
  id: `recreate:${max}`,
  agent: max,
  session,
  pane: dead.pane,
  panePid: dead.pid,
  why,
  evidence: {},
});
const cut = (why: string) => ({
  ...firstState,
  intent: { pass: 'p', at: '2026-03-01T12:00:00.000Z', actions: [recreate(why)] },
});
const deeds = (snapshot: Parameters<typeof decideOn>[0], state: typeof firstState) =>
  actionsOf(decideOn(snapshot, state)).filter((text) => text.includes(max));

describe('a start that was asked for and cut short', () => {
  const seen = snapshotAt(minutes(1), rigs, { tmux: running(dead) });

  it('is finished by the next heartbeat, even for an agent that is not kept running', () => {
    expect(deeds(seen, cut('asked'))).toEqual([`recreate:${max} because pane-dead`]);
    expect(deeds(seen, firstState)).toEqual([]);
    expect(deeds(seen, cut('pane-dead'))).toEqual([]);
  });

  it('is left alone where the agent runs, or is held', () => {
    const alive = snapshotAt(minutes(1), rigs, { tmux: running(paneOf(max, session)) });
    expect(deeds(alive, cut('asked'))).toEqual([]);
    const holds = known([
      { target: max, kind: 'hold' as const, reason: 'r', by: town, since: null, until: null },
    ]);
    expect(deeds({ ...seen, holds }, cut('asked'))).toEqual([]);
  });
});
