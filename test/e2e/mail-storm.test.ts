import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ended, Started } from '../rig/built-gt.ts';
import { addCrew, inbox, keeperBox, listed, lying, process as processing, quiet } from '../rig/requests.ts';
import { type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';

/** GT_KILLS=1000 runs the long form. */
const kills = Number(process.env.GT_KILLS ?? 30);
const workers = ['ann', 'bob', 'cy'];

/** Eight write letters, two ask for workers to be cycled, two answer requests. */
const senders = 8;
const askers = 2;
const processors = 2;

describe('ten senders and two processors on the command line', () => {
  let town: TestTown;
  beforeAll(async () => {
    town = await testTown(['proj']);
    addCrew(town, ...workers);
    const starts = join(town.dir, 'starts');
    town.settings((settings) => {
      settings.agents = {
        ...Object(settings.agents),
        counted: {
          command: 'sh',
          args: ['-c', `echo "$GT_SESSION $$" >> ${starts}; exec sleep infinity`],
          process_names: ['sleep'],
          prompt: 'none',
        },
      };
      settings.role_agents = { crew: 'counted' };
    });
    for (const worker of workers)
      expect(
        await town.gt(['lifecycle', 'request', 'restart', '--agent', `proj/crew/${worker}`, '--wait', '50']),
      ).toMatchObject({ status: 0 });
    await quiet(town);
  });
  afterAll(() => town.close());

  const startsOf = (worker: string) =>
    readFileSync(join(town.dir, 'starts'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`gt-proj-crew-${worker} `));

  it(`lose no letter, deliver none twice, carry out no request twice and leave nobody dead, over ${kills} random kills`, {
    timeout: 240_000 + kills * 1000,
  }, async () => {
    const running = new Map<number, Started>();
    const rounds: Promise<void>[] = [];
    const promised: string[] = [];
    let storming = true;
    let letters = 0;
    const argsOf = (slot: number): readonly string[] => {
      if (slot < senders) {
        letters += 1;
        return ['mail', 'send', 'mayor/', '-s', `letter ${letters}`, '-m', 'text', '--no-notify'];
      }
      const worker = workers[letters % workers.length];
      return slot < senders + askers
        ? ['lifecycle', 'request', 'cycle', '--agent', `proj/crew/${worker}`]
        : processing;
    };
    const round = async (slot: number): Promise<void> => {
      while (storming) {
        const args = argsOf(slot);
        const started = town.start(args);
        running.set(slot, started);
        const ended: Ended = await started.ended;
        if (slot < senders && ended.status === 0) promised.push(args[4] ?? '');
        if (ended.signal === null && ended.status === 70) throw new Error(ended.stderr);
      }
    };
    for (let slot = 0; slot < senders + askers + processors; slot += 1) rounds.push(round(slot));
    for (let kill = 0; kill < kills; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 400));
      const victim = running.get(Math.floor(Math.random() * running.size));
      if (victim !== undefined) process.kill(victim.pid, 'SIGKILL');
    }
    storming = false;
    await Promise.all(rounds);
    await until(
      'every request to be settled',
      async () => {
        const ended = await town.gt(processing);
        return ended.status !== 75 && [...lying(town, 'new'), ...lying(town, 'claimed')].length === 0;
      },
      120_000,
    );
    await quiet(town);

    const arrived = (await inbox(town, 'mayor/')).map(({ subject = '' }) => subject);
    expect(new Set(arrived).size).toBe(arrived.length);
    expect(promised.filter((subject) => !arrived.includes(subject))).toEqual([]);
    expect(promised.length).toBeGreaterThan(kills / 20);
    expect([...lying(town, 'new'), ...lying(town, 'claimed')]).toEqual([]);

    const { settled } = await listed(town);
    expect(new Set(settled.map(({ id }) => id)).size).toBe(settled.length);
    for (const worker of workers) {
      const asked = lying(town, 'done').filter((name) =>
        readFileSync(join(keeperBox(town, 'done'), name), 'utf8').includes(`proj/crew/${worker}`),
      );
      expect(startsOf(worker).length).toBeLessThanOrEqual(1 + asked.length);
      expect(town.livePanes().has(`gt-proj-crew-${worker}`)).toBe(true);
    }
    expect(workers.flatMap(startsOf).length).toBeGreaterThan(workers.length);
    expect(existsSync(join(town.root, 'daemon/tick.lock'))).toBe(false);
  });
});
