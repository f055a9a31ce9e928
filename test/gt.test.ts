import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dueDocument } from '../src/commands/tick/gate-document.ts';
import type { Due } from '../src/due.ts';
import { bareTown } from './commands/told.ts';
import { gtFile, startGt } from './rig/built-gt.ts';
import { type PrivateTmux, privateTmux } from './rig/tmux.ts';
import { until } from './rig/until.ts';

const env = { HOME: '/nonexistent', PATH: '/usr/local/bin:/usr/bin:/bin' };
let town: string;
let server: PrivateTmux;

beforeEach(() => {
  town = bareTown();
  server = privateTmux();
  const tick = { socket: server.socket, tmux_tmpdir: server.tmpdir };
  const agents = { own: { command: '/bin/sleep', args: ['1000'], prompt: 'none' } };
  const settings = { type: 'town-settings', version: 1, default_agent: 'own', agents, tick };
  writeFileSync(`${town}/settings/config.json`, JSON.stringify(settings));
});
afterEach(async () => {
  await server.close();
  rmSync(town, { recursive: true, force: true });
});

function dueIn(minutes: number): void {
  const passStartedAt = Date.now();
  const due: Due = {
    passStartedAt,
    dueAt: passStartedAt + minutes * 60_000,
    everyMs: 60_000,
    boot: null,
    tiers: [{ belowMs: null, intervalMs: 60 * 60_000 }],
  };
  writeFileSync(`${town}/daemon/due.json`, JSON.stringify(dueDocument(due, minutes * 60_000)));
}

describe('the front door', () => {
  it('answers by itself when nothing is due: no word, no other file of ours', () => {
    dueIn(5);
    const alone = mkdtempSync(join(tmpdir(), 'gt-alone-'));
    copyFileSync(gtFile, join(alone, 'gt.cjs'));
    const ask = (cwd: string, args: string[], more = {}) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(alone, 'gt.cjs'), ...args], {
        cwd,
        env: { ...env, ...more },
        encoding: 'utf8',
      });
      return { status, printed: stdout + stderr };
    };
    const silence = { status: 0, printed: '' };
    mkdirSync(`${town}/proj/crew/max`, { recursive: true });
    expect(ask(town, ['tick'])).toEqual(silence);
    expect(ask(`${town}/proj/crew/max`, ['tick'])).toEqual(silence);
    expect(ask('/', ['tick', '--town', town])).toEqual(silence);
    expect(ask('/', ['tick', `--town=${town}`])).toEqual(silence);
    expect(ask('/', ['tick'], { GT_ROOT: town })).toEqual(silence);
    expect(ask('/', ['tick'], { GT_ROOT: '/nowhere', GT_TOWN_ROOT: town })).toEqual(silence);
    expect(ask('/', ['tick']).status, 'without a town it needs the rest, which is not there').not.toBe(0);
    rmSync(alone, { recursive: true });
  });

  it('answers a person who watches, in one line', () => {
    dueIn(5);
    const line = `${process.execPath} ${gtFile} tick --town ${town}`;
    const printed = execFileSync('script', ['-qec', line, '/dev/null'], {
      env: { ...env, TERM: 'xterm' },
      encoding: 'utf8',
    });
    expect(printed.trim()).toMatch(/^Nothing is due. Next heartbeat in \d min, \d\d:\d\d\.$/);
  });

  it('opens the pass when one is due, without being asked for anything more', async () => {
    expect(await startGt(['tick', '--town', town], env).ended).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(JSON.parse(readFileSync(`${town}/daemon/run.json`, 'utf8'))).toMatchObject({
      reason: 'first',
      exit: 0,
    });
  });

  it('says on a scheduler’s line too where there is no town: 78', async () => {
    const { status, stderr } = await startGt(['tick', '--town', '/nowhere'], env).ended;
    expect(status).toBe(78);
    expect(stderr).toContain('/nowhere');
  });

  it('takes no option for a town: 64, as every other door says', async () => {
    for (const command of [['tick'], ['mail', 'check', '--inject']]) {
      const { status, stdout } = await startGt([...command, '--town', '--json'], env).ended;
      expect([status, stdout]).toEqual([64, expect.stringContaining('--town needs a value')]);
    }
  });

  it('does not mind a reader that goes away', () => {
    const line = `${process.execPath} ${gtFile} --help | true; echo "\${PIPESTATUS[0]}"`;
    expect(spawnSync('bash', ['-c', line], { env, encoding: 'utf8' })).toMatchObject({
      stdout: '0\n',
      stderr: '',
    });
  });

  it('finishes the step in hand when it is told to end, saves and lets go: 143, and 130 for ^C', async () => {
    for (const [signal, status] of [
      ['SIGTERM', 143],
      ['SIGINT', 130],
    ] as const) {
      const run = startGt(['tick', '--force', '--town', town], {
        ...env,
        GT_FAULT: 'pass.intent-saved:1:delay:1500',
      });
      await until('the intent to be saved', () => intentOf() !== null);
      process.kill(run.pid, signal);
      expect(await run.ended).toMatchObject({ status, signal: null });
      expect(intentOf()).toBeNull();
      expect(() => readFileSync(`${town}/daemon/tick.lock`)).toThrow('ENOENT');
      await expect(server.tmux('list-sessions')).rejects.toThrow();
    }
  }, 30_000);

  it('writes a report when it is broken, and says so', async () => {
    const fault = { GT_FAULT: 'pass.acted:1:throw:EWEIRD' };
    const { status, stderr } = await startGt(['tick', '--town', town], { ...env, ...fault }).ended;
    expect(status).toBe(70);
    const [, report = ''] = /A report is in (\S+)/.exec(stderr) ?? [];
    expect(readFileSync(report, 'utf8')).toContain('EWEIRD');
  });
});

function intentOf(): unknown {
  try {
    return JSON.parse(readFileSync(`${town}/daemon/state.json`, 'utf8')).intent ?? null;
  } catch {
    return null;
  }
}
