import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultPoint } from '../../src/persist/fault.ts';
import {
  crew,
  flagsIn,
  listed,
  lying,
  mailed,
  process,
  quiet,
  raise,
  settledOf,
  startCrew,
} from '../rig/requests.ts';
import { inBeads, type TestTown, testTown } from '../rig/town.ts';

const session = 'gt-proj-crew-max';

/** Half-way through the files of a mailbox: what `bd` writes it writes as one. */
const inFiles: readonly FaultPoint[] = ['mail.opened-box', 'mail.delivered-tmp', 'mail.outcome-written'];
const passed = ([point]: readonly [FaultPoint, number]): boolean => !inBeads || !inFiles.includes(point);

/** Where the command that asks is killed, and how often it passes there before. */
const asking: readonly (readonly [FaultPoint, number])[] = [
  ['edit.locked', 1],
  ['json.before-write', 1],
  ['json.written', 1],
  ['json.before-rename', 1],
  ['json.after-rename', 1],
  ['edit.before-unlock', 1],
  ['mail.opened-box', 1],
  ['mail.delivered-tmp', 1],
  ['mail.delivered', 1],
];

/** Where the command that answers is killed. Its files: the state, the agent's flag, the state, the pass. */
const answering: readonly (readonly [FaultPoint, number])[] = [
  ['lock.taken', 1],
  ['pass.before-intent', 1],
  ['json.before-rename', 1],
  ['json.after-rename', 1],
  ['pass.intent-saved', 1],
  ['act.before', 1],
  ['mail.claimed', 1],
  ['act.before-kill', 1],
  ['act.killed', 1],
  ['edit.locked', 1],
  ['json.before-write', 2],
  ['json.written', 2],
  ['json.before-rename', 2],
  ['json.after-rename', 2],
  ['edit.before-unlock', 1],
  ['mail.outcome-written', 1],
  ['mail.settled', 1],
  ['act.after', 1],
  ['pass.acted', 1],
  ['json.before-write', 3],
  ['json.before-rename', 3],
  ['json.after-rename', 3],
  ['pass.outcome-saved', 1],
  ['pass.recorded', 1],
];

describe('a cycle request, killed half-way', () => {
  let town: TestTown;
  beforeAll(async () => {
    town = await testTown(['proj']);
    await startCrew(town, 'max');
  });
  afterAll(() => town.close());

  const pid = (): number | undefined => town.livePanes().get(session);

  it.each(asking.filter(passed))(
    'while it is asked for (%s, hit %d): all of it happens or nothing, and asking again works',
    async (point, nth) => {
      const before = pid();
      const ask = ['lifecycle', 'request', 'cycle'];
      const died = await town.gt(ask, { ...crew('max'), GT_FAULT: `${point}:${nth}:kill` });
      expect(died.signal, `${point} ${died.stdout}${died.stderr}`).toBe('SIGKILL');
      const arrived = lying(town, 'new').length === 1;
      expect((await town.gt(process)).status).toBe(0);
      const after = pid();
      expect(after).toBeDefined();
      expect(after !== before).toBe(arrived);
      const again = await town.gt([...ask, '--wait', '30'], crew('max'));
      expect([again.status, again.stderr]).toEqual([0, '']);
      expect(pid()).not.toBe(after);
      expect(pid()).toBeDefined();
      await quiet(town);
      expect(flagsIn(town, 'proj/crew/max')).not.toHaveProperty('requesting_cycle');
      expect((await listed(town)).claimed).toEqual([]);
    },
  );

  it.each(answering.filter(passed))(
    'while it is answered (%s, hit %d): carried out once, and the agent lives',
    async (point, nth) => {
      const seen = new Set([pid()]);
      raise(town, 'proj/crew/max', 'cycle');
      const id = await mailed(town, 'LIFECYCLE: proj/crew/max requesting cycle', 'cycle', crew('max'));
      const died = await town.gt(process, { GT_FAULT: `${point}:${nth}:kill` });
      expect(died.signal, `${point} ${died.stdout}${died.stderr}`).toBe('SIGKILL');
      for (let pass = 0; pass < 2; pass += 1) {
        const now = pid();
        if (now !== undefined) seen.add(now);
        expect((await town.gt(process)).status).toBe(0);
      }
      const now = pid();
      expect(now).toBeDefined();
      seen.add(now);
      expect(seen.size, 'it was started once').toBe(2);
      expect(await settledOf(town, id)).toMatchObject({ outcome: 'executed' });
      expect(flagsIn(town, 'proj/crew/max')).toEqual({ mine: 1 });
      expect([lying(town, 'new'), lying(town, 'claimed')]).toEqual([[], []]);
    },
  );
});
