import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/list.ts';
import { gtFile } from '../rig/built-gt.ts';
import { inBeads, type TestTown, testTown } from '../rig/town.ts';

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly since: string | null;
  readonly remedy: string | null;
  readonly fixed: boolean | null;
}

let town: TestTown;
beforeEach(async () => {
  town = await testTown(['proj']);
  expect((await town.tick()).status).toBe(0);
});
afterEach(() => town.close());

async function doctor(args: readonly string[] = [], more = {}) {
  const { status, stdout } = await town.gt(['doctor', '--json', ...args], more);
  const document: { healthy: boolean; checks: { name: string; findings: Finding[] }[] } = JSON.parse(stdout);
  return { status, healthy: document.healthy, findings: document.checks.flatMap(({ findings }) => findings) };
}

const codes = (findings: readonly Finding[]) => findings.map(({ code }) => code).sort();

/** Everything that belongs to us, not what tmux and the agents write. */
const ours = () => new Map([...town.files()].filter(([path]) => !path.includes('/logs/')));

describe('gt doctor', () => {
  it('finds nothing in a healthy town, changes nothing, and ends with 0', async () => {
    const before = ours();
    expect(await doctor()).toEqual({ status: 0, healthy: true, findings: [] });
    const { status, stdout } = await town.gt(['doctor']);
    expect({ status, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
      status: 0,
      last: 'All is well.',
    });
    expect(ours()).toEqual(before);
  });

  it('names what is wrong, since when, and a command that exists; --fix does the safe part and no more', async () => {
    const at = (path: string) => join(town.root, path);
    const worktree = at('proj/crew/max');
    mkdirSync(worktree, { recursive: true });
    writeFileSync(join(worktree, 'unsaved'), 'work');
    chmodSync(at('settings'), 0o755);
    chmodSync(at('settings/config.json'), 0o644);
    rmSync(at('daemon/state.json.bak'), { force: true });
    writeFileSync(at('daemon/state.json.bak'), 'torn');
    const leftover = at('daemon/state.json.next-0123456789ab');
    writeFileSync(leftover, '', { mode: 0o600 });
    utimesSync(leftover, 1e9, 1e9);
    mkdirSync(at('stray'));
    writeFileSync(at('stray/config.json'), '{"type":"rig","name":"stray"}');
    rmSync(join(town.dir, '.local/state/gt/towns.json'));
    const { status, healthy, findings } = await doctor();
    expect({ status, healthy }).toEqual({ status: 1, healthy: false });
    expect(codes(findings)).toEqual([
      'file-readable',
      'file-readable',
      'leftovers',
      'rig-unregistered',
      'state-no-backup',
      'town-unlisted',
    ]);
    expect(findings.find(({ code }) => code === 'leftovers')?.since).toBe('2001-09-09T01:46:40.000Z');
    for (const { remedy } of findings) expect(isRunnable(remedy ?? '')).toBe(true);

    const fixed = await doctor(['--fix']);
    expect(fixed.status).toBe(1);
    expect(codes(fixed.findings.filter((finding) => finding.fixed))).toEqual([
      'file-readable',
      'file-readable',
      'leftovers',
      'town-unlisted',
    ]);
    const left = await doctor();
    expect(codes(left.findings)).toEqual(['rig-unregistered', 'state-no-backup']);
    expect(statSync(at('settings')).mode & 0o777).toBe(0o700);
    expect(statSync(at('settings/config.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(worktree, 'unsaved'), 'utf8')).toBe('work');
    expect(readFileSync(at('daemon/state.json.bak'), 'utf8')).toBe('torn');
  });

  it('finds what describes the town and its rigs garbled, and mail that nobody can read', async () => {
    const at = (path: string) => join(town.root, path);
    const torn = async (path: string) => {
      mkdirSync(dirname(at(path)), { recursive: true });
      const before = existsSync(at(path)) ? readFileSync(at(path)) : null;
      writeFileSync(at(path), '{');
      const { findings } = await doctor();
      if (before === null) rmSync(at(path));
      else writeFileSync(at(path), before);
      return findings.map(({ code, message }) => [code, message.includes(at(path))]);
    };
    expect(await torn('mayor/town.json')).toEqual([['town-description', true]]);
    expect(await torn('proj/config.json')).toEqual([['rig-description', true]]);
    if (inBeads) return;
    await town.gt(['mail', 'send', 'proj/witness', '-s', 'hi', '-m', 'there']);
    const box = 'mail/proj.witness/new';
    const [mail = ''] = readdirSync(at(box));
    expect(await torn(`${box}/${mail}`)).toEqual([['mail-unreadable', true]]);
    expect((await doctor()).findings).toEqual([]);
  });

  it('takes an empty lock away with --fix, which the tick that meets it names', async () => {
    const lock = join(town.root, 'daemon/tick.lock');
    writeFileSync(lock, '');
    const met = await town.gt(['tick', '--force']);
    expect([met.status, met.stderr]).toEqual([75, expect.stringContaining('gt doctor --fix --town')]);
    expect((await doctor()).findings).toMatchObject([{ code: 'lock-empty', fixed: null }]);
    expect((await doctor(['--fix'])).findings).toMatchObject([{ code: 'lock-empty', fixed: true }]);
    expect(existsSync(lock)).toBe(false);
    expect((await town.tick()).status).toBe(0);
  });

  it('agrees with the tick, its report and gt status where a pass could not be kept', async () => {
    const passes = join(town.root, 'daemon/passes');
    rmSync(passes, { recursive: true });
    writeFileSync(passes, '', { mode: 0o600 });
    const first = await town.gt(['tick', '--force']);
    expect([first.status, first.stderr]).toEqual([73, expect.stringContaining('was not saved')]);
    const again = await town.gt(['tick', '--force', '--json']);
    expect([again.status, JSON.parse(again.stdout).exit]).toEqual([73, 73]);
    expect(town.read('daemon/run.json')).toMatchObject({ exit: 73, warnings: [{ code: 'not-saved' }] });
    expect(await town.gt(['status'])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('(exit status 73)'),
    });
    expect(await town.gt(['tick', '--force'])).toMatchObject({ status: 73, stdout: '', stderr: '' });
    const replay = await town.gt(['replay', 'last']);
    expect([replay.status, replay.stderr]).toEqual([74, expect.stringContaining('could not be read')]);
    rmSync(passes);
    expect((await town.tick()).status).toBe(0);
    expect(town.read('daemon/run.json')).toMatchObject({ exit: 0, warnings: [] });
  });

  it('goes on where the settings cannot be read, and says so once', async () => {
    writeFileSync(join(town.root, 'settings/config.json'), '{');
    const { status, findings } = await doctor();
    expect(status).toBe(1);
    expect(codes(findings)).toEqual(['config-invalid', 'not-looked-at']);
  });

  it('finds a town whose tmux is nowhere, and one whose heartbeat stopped', async () => {
    const bin = join(town.dir, 'bin');
    mkdirSync(bin);
    town.settings((all) => {
      all.tick = { ...Object(all.tick), path: [] };
    });
    const noTmux = await doctor([], { PATH: bin });
    expect(codes(noTmux.findings)).toContain('tmux-missing');
    const run = join(town.root, 'daemon/run.json');
    const old = { ...JSON.parse(readFileSync(run, 'utf8')), started_at: '2020-01-01T00:00:00Z' };
    writeFileSync(run, JSON.stringify(old));
    expect(codes((await doctor()).findings)).toEqual(['heartbeat-late', 'schedule-none']);
  });

  it('looks through the scheduler’s eyes with --as-cron: what only the caller’s PATH has is missing there', async () => {
    const bin = join(town.dir, 'my bin');
    mkdirSync(bin);
    copyFileSync('/bin/sleep', join(bin, 'my-agent'));
    town.settings((all) => {
      all.agents = { ...Object(all.agents), mine: { command: 'my-agent', args: ['1'], prompt: 'none' } };
      all.role_agents = { mayor: 'mine' };
      all.tick = { ...Object(all.tick), path: ['/usr/bin', '/bin'] };
    });
    const env = { PATH: `${bin}:${town.env.PATH}` };
    expect((await doctor([], env)).status).toBe(0);
    const blind = await doctor(['--as-cron'], env);
    expect(blind.findings).toMatchObject([
      { code: 'as-cron-missing', message: expect.stringContaining('program my-agent') },
    ]);
    town.settings((all) => {
      all.tick = { ...Object(all.tick), path: [bin, '/usr/bin', '/bin'] };
    });
    expect(await doctor(['--as-cron'], env)).toEqual({ status: 0, healthy: true, findings: [] });
  });

  const noSetpriv = spawnSync('setpriv', ['--version']).status !== 0;
  it.skipIf(noSetpriv)(
    `sees that agents were started in a sandbox that is not the caller’s${noSetpriv ? ' (SKIPPED: setpriv is not installed)' : ''}`,
    async () => {
      town.tmux('kill-server');
      // Whoever remembers deaths would wait before it starts anybody again.
      for (const name of ['state.json', 'state.json.bak'])
        rmSync(join(town.root, 'daemon', name), { force: true });
      const caged = ['--no-new-privs', process.execPath, gtFile, 'tick', '--force', '--town', town.root];
      expect(spawnSync('setpriv', caged, { env: town.env, encoding: 'utf8' })).toMatchObject({ status: 0 });
      const { findings } = await doctor();
      expect(
        findings.filter(({ code }) => code === 'sandboxed').map(({ message }) => message.split(' runs ')[0]),
      ).toEqual(expect.arrayContaining(['the tmux server', 'deacon', 'proj/witness']));
    },
  );
});

function isRunnable(remedy: string): boolean {
  const [program = '', ...words] = remedy.split(' ');
  if (program !== 'gt') return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  return commands.some(({ usage }) => {
    const named = usage.split(' ').filter((word) => !/^[<[]/.test(word));
    return named.every((word, index) => words[index] === word);
  });
}
