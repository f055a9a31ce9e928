import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Bd, bdEnv, builtBd, runBd, withoutBd } from '../rig/bd.ts';
import { copyStore } from '../rig/beads-town.ts';
import { addCrew, raise, startCrew } from '../rig/requests.ts';
import { type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

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
    let env: Readonly<Record<string, string>>;
    let before: ReadonlyMap<string, string>;

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

    it('finds work on a hook in a rig’s own beads, with one listing for each store', async () => {
      const rig = join(town.root, 'proj');
      const id = runBd(rig, ['create', 'fix it', '--silent'], env).trim();
      runBd(rig, ['update', id, '--status=hooked', '--assignee=proj/crew/max'], env);
      const shim = join(town.dir, 'counting');
      mkdirSync(shim);
      writeFileSync(join(shim, 'bd'), `#!/bin/sh\necho "$*" >> ${shim}/calls\nexec ${real.dir}/bd "$@"\n`, {
        mode: 0o755,
      });
      const counted = { ...env, PATH: `${shim}:${env.PATH}` };
      await town.tick(counted);
      writeFileSync(join(shim, 'calls'), '');
      await town.tick(counted);
      const calls = readFileSync(join(shim, 'calls'), 'utf8').trim().split('\n');
      expect(calls.filter((call) => call.includes('list --json'))).toHaveLength(2);
      expect(calls).toHaveLength(2);
      const work = await gt(['work', 'list', '--json']);
      expect(work.stdout).toContain(id);
    });

    it('is left as it was by all this, and sound in bd’s own eyes', () => {
      for (const [file, text] of before) expect(readFileSync(join(town.root, file), 'utf8'), file).toBe(text);
      expect(run('list', '--json', '--limit', '0')).toContain('an older task');
    });
  },
);
