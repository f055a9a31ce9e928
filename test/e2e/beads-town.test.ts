import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBeads } from '../../src/store/beads/open.ts';
import { type Bd, bdEnv, builtBd, complaintsOf, countCalls, runBd, withoutBd } from '../rig/bd.ts';
import { copyStore } from '../rig/beads-town.ts';
import { addCrew, raise, startCrew } from '../rig/requests.ts';
import { type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';
import { bring, upstreamAgent, upstreamMessage } from '../rig/upstream-records.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

type Env = Readonly<Record<string, string>>;

const version = '0.47.1';
const bd = builtBd(version);

/**
 * A town as upstream's tools leave it: beads with mail, records and hooked work, no word about a store in its settings. Its
 * agents write with `bd` alone.
 */
describe.skipIf(bd === null)(
  `a town that lives in beads${bd === null ? ` ${withoutBd(version)}` : ''}`,
  () => {
    const real: Bd = bd ?? { version, dir: '' };
    let town: TestTown;
    let env: Env;
    let before: ReadonlyMap<string, string>;
    let ailments: readonly string[];

    interface Issue {
      readonly id: string;
      readonly title: string;
      readonly description?: string;
      readonly status: string;
      readonly close_reason?: string;
      readonly assignee?: string;
    }
    const run = (...args: readonly string[]) => runBd(town.root, args, env);
    const show = (id: string): Issue => {
      const [issue]: readonly Issue[] = JSON.parse(run('show', id, '--json'));
      if (issue === undefined) throw new Error(`no ${id}`);
      return issue;
    };
    /** The arguments upstream's `gt mail send` gives to `bd` (spec/agents.md §2.5). */
    const mail = (from: string, to: string, subject: string, body: string): string =>
      run(
        'create',
        subject,
        '--type',
        'message',
        '--assignee',
        to,
        '-d',
        body,
        '--priority',
        '2',
        '--labels',
        `from:${from},thread:thread-0123456789ab`,
        '--actor',
        from,
        '--ephemeral',
        '--silent',
      ).trim();
    const gt = (args: readonly string[]) => town.gt(args, env);
    const tick = () => town.tick(env);
    /** What `bd` is called with while something else goes on. */
    const callsOf = (work: (counted: Env) => Promise<unknown>) => countCalls(real, town.dir, env, warm, work);
    const warm = (counted: Env) => town.gt(['mail', 'inbox', 'mayor/'], counted);
    const complaints = () => complaintsOf(town.root, env);

    beforeAll(async () => {
      town = await testTown(['proj'], real.dir);
      env = { ...town.env, ...bdEnv(real, town.dir) };
      copyStore(real, 'hq', town.root);
      writeFileSync(
        join(town.root, '.beads/routes.jsonl'),
        '{"prefix":"hq-","path":"."}\n{"prefix":"pr-","path":"proj"}\n',
      );
      copyStore(real, 'pr', join(town.root, 'proj'));
      run('create', 'an older task', '--silent');
      const role =
        'mayor\n\nrole_type: mayor\nrig: null\nagent_state: idle\nhook_bead: null\nrole_bead: hq-mayor-role\ncleanup_status: null';
      run('create', '--id=hq-mayor', '--type=agent', '--title=hq-mayor', `--description=${role}`);
      mail('overseer', 'mayor/', 'Hello', 'from before');
      bring(
        town.root,
        [
          upstreamMessage('hq-9zk', 'LIFECYCLE: shutdown', {
            description: '{"action":"shutdown"}',
            status: 'closed',
            closed_at: '2026-11-21T07:25:54.041689175Z',
            close_reason: 'Closed',
          }),
          upstreamMessage('hq-tfj', 'Hello, deacon', {}),
          upstreamMessage('hq-lbl', 'In the later form', {
            issue_type: 'task',
            created_at: '2026-11-21T07:38:34Z',
            labels: ['gt:message', 'from:proj/witness', 'thread:thread-eef3c8f2470c'],
          }),
        ],
        env,
      );
      bring(
        join(town.root, 'proj'),
        [
          upstreamAgent(
            'pr-proj-polecat-slit',
            'rig: proj\nagent_state: done\nhook_bead: null\ncleanup_status: clean',
          ),
        ],
        env,
      );
      ailments = complaints();
      before = new Map(
        [
          'mayor/town.json',
          'mayor/rigs.json',
          'settings/config.json',
          '.beads/config.yaml',
          '.beads/routes.jsonl',
        ].map((file) => [file, readFileSync(join(town.root, file), 'utf8')]),
      );
      addCrew(town, 'max');
      await tick();
    });
    afterAll(() => town.close());

    it('is adopted as it is: mail is read from the beads and written there', async () => {
      const inbox = await gt(['mail', 'inbox', 'mayor/', '--json']);
      expect(JSON.parse(inbox.stdout)).toMatchObject([
        { from: 'overseer', subject: 'Hello', body: 'from before' },
      ]);
      const sent = await gt(['mail', 'send', 'proj/witness', '-s', 'look', '-m', 'at this', '--json']);
      const [{ id }] = JSON.parse(sent.stdout).sent;
      expect(show(id)).toMatchObject({ title: 'look', description: 'at this', assignee: 'proj/witness' });
      expect(existsSync(join(town.root, 'mail'))).toBe(false);
    });

    it('has the mail and the records that upstream’s tools wrote, in both forms', async () => {
      const inbox = await gt(['mail', 'inbox', 'deacon/', '--json']);
      expect(JSON.parse(inbox.stdout)).toMatchObject([
        { id: 'hq-lbl', from: 'proj/witness', subject: 'In the later form' },
        {
          id: 'hq-tfj',
          from: 'mayor/',
          subject: 'Hello, deacon',
          body: '',
          thread_id: 'thread-eef3c8f2470c',
        },
      ]);
      const records = await openBeads(town.root, { now: Date.now, env }).agents.list();
      expect(records.known ? records.value.items : records.reason).toMatchObject([
        { agent: 'mayor', state: 'idle' },
        { agent: 'proj/polecats/slit', state: 'done', cleanup: 'clean' },
      ]);
    });

    it('answers a request that an agent wrote with bd alone, exactly once', async () => {
      await startCrew(town, 'max');
      const pid = town.livePanes().get('gt-proj-crew-max');
      raise(town, 'proj/crew/max', 'cycle');
      const id = mail(
        'proj/max',
        'deacon/',
        'LIFECYCLE: proj-crew-max requesting cycle',
        '{"action":"cycle"}',
      );
      const report = await tick();
      expect(report.actions.filter(({ kind }) => kind === 'settle')).toMatchObject([{ result: 'ok' }]);
      const after = await until('a successor', () => {
        const now = town.livePanes().get('gt-proj-crew-max');
        return now !== undefined && now !== pid ? now : null;
      });
      expect(show(id)).toMatchObject({
        status: 'closed',
        close_reason: expect.stringMatching(/^executed by /),
      });
      for (let pass = 0; pass < 2; pass += 1) await tick();
      expect(town.livePanes().get('gt-proj-crew-max')).toBe(after);
    });

    it('has its dead agents brought back', async () => {
      const pid = town.livePanes().get('gt-deacon');
      if (pid === undefined) throw new Error('there is no deacon');
      process.kill(pid, 'SIGKILL');
      await until('the deacon to be dead', () => !town.livePanes().has('gt-deacon'));
      const later = async () => {
        await tick();
        return town.livePanes().has('gt-deacon');
      };
      await until('the deacon to be back', later);
    });

    it('looks once, by one listing, at what was written with bd between two heartbeats', async () => {
      await tick();
      const passes = () => readdirSync(join(town.root, 'daemon/passes')).length;
      const plain = (more: Env) => town.gt(['tick'], more);
      await plain(env);
      const recorded = passes();
      expect(await callsOf(plain)).toEqual([]);
      run('create', 'a chore', '--silent');
      expect(JSON.parse((await gt(['due', '--json'])).stdout)).toMatchObject({ due: true, why: 'touched' });
      expect(await callsOf(plain)).toEqual([expect.not.stringMatching(/--type|--label/)]);
      expect(await callsOf(plain)).toEqual([]);
      mail('proj/max', 'deacon/', 'TIMER: later', '');
      expect(await callsOf(plain)).toHaveLength(1);
      expect(await callsOf(plain)).toEqual([]);
      expect(passes()).toBe(recorded);

      await startCrew(town, 'max');
      const pid = town.livePanes().get('gt-proj-crew-max');
      raise(town, 'proj/crew/max', 'cycle');
      const id = run(
        'create',
        'LIFECYCLE: proj-crew-max requesting cycle',
        '--type=task',
        '--assignee=deacon/',
        '-d',
        '{"action":"cycle"}',
        '--labels=gt:message,from:proj/max',
        '--silent',
      ).trim();
      expect(await plain(env)).toMatchObject({ status: 0, stderr: '' });
      expect(show(id)).toMatchObject({
        status: 'closed',
        close_reason: expect.stringMatching(/^executed by /),
      });
      await until('a successor', () => {
        const now = town.livePanes().get('gt-proj-crew-max');
        return now !== undefined && now !== pid;
      });
    });

    it('goes on looking for a request that could not be answered yet, also after a heartbeat that could not', async () => {
      const subject = 'LIFECYCLE: proj-crew-max requesting cycle';
      await tick();
      await gt(['tick']);
      const due = async () => JSON.parse((await gt(['due', '--json'])).stdout).why;
      expect(await due()).toBe('not-yet');
      const id = mail('proj/max', 'deacon/', subject, '{"action":"cycle"}');
      await gt(['tick']);
      expect(show(id).status).toBe('open');
      expect(await due()).toBe('touched');
      await tick();
      expect(show(id).status).toBe('open');
      expect(await due()).toBe('touched');
      raise(town, 'proj/crew/max', 'cycle');
      await gt(['tick']);
      expect(show(id)).toMatchObject({ status: 'closed' });
    });

    it('shows an agent its mail on every prompt, and what it knew of it while bd hangs', async () => {
      const id = mail('overseer', 'proj/max', 'Look <here>', 'please');
      const check = ['mail', 'check', '--inject', '--address', 'proj/max'];
      const shown = await gt(check);
      expect(shown).toMatchObject({ status: 0, stderr: '' });
      expect(shown.stdout).toContain('You have 1 unread message(s)');
      expect(shown.stdout).toContain(`- ${id} from overseer: Look <here>`.replace('<h', '‹h'));
      expect(await callsOf((counted) => town.gt(check, counted))).toHaveLength(1);
      await tick();
      const hung = join(town.dir, 'hung');
      mkdirSync(hung);
      writeFileSync(join(hung, 'bd'), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
      const late = await town.gt(check, { ...env, PATH: `${hung}:${env.PATH}` });
      expect(late).toMatchObject({ status: 0, stderr: '' });
      expect(late.stdout).toMatch(
        /You had 1 unread message\(s\) in your inbox .* ago, .*; the beads do not answer now/,
      );
    });

    it('finds work on a hook in a rig’s own beads, with one listing for each store (F67)', async () => {
      const rig = join(town.root, 'proj');
      const id = runBd(rig, ['create', 'fix it', '--silent'], env).trim();
      runBd(rig, ['update', id, '--status=hooked', '--assignee=proj/crew/max'], env);
      const calls = await callsOf((counted) => town.tick(counted));
      expect(calls.filter((call) => call.includes('list --json'))).toHaveLength(2);
      expect(calls).toHaveLength(2);
      const work = await gt(['work', 'list', '--json']);
      expect(work.stdout).toContain(id);
    });

    it('is left as it was by all this, and sound in bd’s own eyes', () => {
      for (const [file, text] of before) expect(readFileSync(join(town.root, file), 'utf8'), file).toBe(text);
      expect(run('list', '--json', '--limit', '0')).toContain('an older task');
      expect(complaints()).toEqual(ailments);
    });
  },
);
