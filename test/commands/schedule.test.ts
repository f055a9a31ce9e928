import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  daemonStartCommand,
  daemonStatusCommand,
  daemonStopCommand,
} from '../../src/commands/schedule/daemon.ts';
import { daemonLogsCommand } from '../../src/commands/schedule/daemon-logs.ts';
import { scheduleInstallCommand } from '../../src/commands/schedule/install.ts';
import { scheduleStatusCommand } from '../../src/commands/schedule/status.ts';
import { scheduleUninstallCommand } from '../../src/commands/schedule/uninstall.ts';
import type { Run } from '../../src/run.ts';
import { madeUpCrontab, madeUpHost } from '../schedule/host.ts';
import { asked } from './asked.ts';
import { bareTown } from './told.ts';

const options = { scheduler: 'cron', print: false, json: false } as const;

/** A town, a machine with nothing but a crontab, and what a dry run answers there. */
function given({ dryRun = 0, now = new Date('2026-03-01T12:00:10Z'), doctor = '{}' } = {}) {
  const town = bareTown();
  const { answer, kept } = madeUpCrontab('# mine\n');
  const host = madeUpHost(answer);
  const tried: (readonly string[])[] = [];
  const run: Run = async ({ file, args, env }) => {
    tried.push([file, ...args, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)]);
    if (args.includes('doctor'))
      return { ok: true, exit: 0, signal: null, stdout: doctor, stderr: '', failure: null, ms: 1 };
    const stdout = dryRun === 0 ? '{"actions":[{}]}' : '{"error":{"message":"there is no tmux"}}';
    return {
      ok: dryRun === 0,
      exit: dryRun,
      signal: null,
      stdout,
      stderr: '',
      failure: dryRun === 0 ? null : 'exit',
      ms: 1,
    };
  };
  const env = {
    HOME: host.home,
    PATH: '/usr/local/bin:/usr/bin:/bin:/run/user/1000/shell/bin',
    LANG: 'C.UTF-8',
    NODE_OPTIONS: '--inspect',
    HTTPS_PROXY: 'http://me:secret@proxy',
    GT_ROLE: 'mayor',
    GT_CLOCK: JSON.stringify({ wall: now.toISOString() }),
  };
  const context = () =>
    asked(town, { env, run, now: () => now, program: [process.execPath, join(host.home, 'gt.cjs')] });
  writeFileSync(join(host.home, 'gt.cjs'), '');
  return { town, host, kept, tried, context };
}

function passed(town: string, at: string): void {
  const report = {
    schema: 'gt.tick/1',
    town,
    pass: 'p',
    ran: true,
    reason: 'due',
    dry_run: false,
    started_at: at,
    finished_at: at,
    actions: [],
    notes: [],
    warnings: [],
    agents: null,
    idle_seconds: 0,
    interval_seconds: 300,
    next_due_at: null,
    subprocesses: 1,
    exit: 0,
  };
  writeFileSync(join(town, 'daemon/run.json'), JSON.stringify(report));
}

describe('gt schedule install', () => {
  it('writes the schedule, tries it in that very environment, and says both', async () => {
    const { town, host, kept, tried, context } = given();
    const told = context();
    expect(await scheduleInstallCommand(options, told, host)).toBe(0);
    expect(told.out()).toContain(`✓ cron calls gt tick for ${town} every minute.`);
    expect(told.out()).toContain('as a dry run: 1 action planned');
    expect(told.out()).toContain('HTTPS_PROXY has a password in it');
    expect(kept.table).toContain(`# BEGIN gt ${town}\n`);
    const call = tried.find((words) => words.includes('tick'));
    expect(call).toEqual(
      expect.arrayContaining([
        'tick',
        '--dry-run',
        'NODE_OPTIONS=',
        'NODE_EXTRA_CA_CERTS=',
        'LANG=C.UTF-8',
        'LOGNAME=you',
      ]),
    );
    expect(call?.join(' ')).not.toMatch(/GT_ROLE|secret|\/run\/user/);
  });

  it('says what is wrong when a tick could not run there', async () => {
    const { host, kept, context } = given({ dryRun: 69 });
    const told = context();
    expect(await scheduleInstallCommand(options, told, host)).toBe(1);
    expect(told.out()).toContain('there is no tmux');
    expect(kept.table).toContain('# BEGIN gt');
  });

  it('ends with what the scheduler sees otherwise, each with what to do, and that alone is no failure', async () => {
    const { host, context } = given({ doctor: '{"facts":{"town":"/elsewhere"}}' });
    const told = context();
    expect(await scheduleInstallCommand(options, told, host)).toBe(0);
    expect(told.out()).toMatch(/! as the scheduler sees it: town: .* for you, \/elsewhere for the scheduler/);
    expect(told.out()).toContain('  next: gt config show');
    const json = context();
    expect(await scheduleInstallCommand({ ...options, json: true }, json, host)).toBe(0);
    const { as_scheduled } = JSON.parse(json.out());
    expect(as_scheduled).toContainEqual(expect.objectContaining({ code: 'as-cron-differs' }));
  });

  it('with --print shows what it would write and changes nothing', async () => {
    const { town, host, kept, context } = given();
    for (const scheduler of ['cron', 'systemd', 'launchd'] as const) {
      const told = context();
      expect(await scheduleInstallCommand({ ...options, scheduler, print: true }, told, host)).toBe(0);
      expect(told.out()).toContain(town);
    }
    expect(kept.table).toBe('# mine\n');
    expect(host.asked.filter((line) => line !== 'crontab -l')).toEqual([]);
  });

  it('keeps the length of --every in the settings, and refuses one that no scheduler can keep', async () => {
    const { town, host, kept, context } = given();
    expect(await scheduleInstallCommand({ ...options, every: '5m' }, context(), host)).toBe(0);
    expect(kept.table).toMatch(/\n\d-59\/5 \* \* \* \* /);
    expect(JSON.parse(readFileSync(join(town, 'settings/config.json'), 'utf8')).tick.every).toBe('5m');
    await expect(scheduleInstallCommand({ ...options, every: '90s' }, context(), host)).rejects.toMatchObject(
      {
        exit: 64,
        hint: 'gt schedule install --every 1m',
      },
    );
  });
});

describe('gt schedule status', () => {
  it('tells nobody, new, working and late apart, by its exit status too', async () => {
    const { town, host, context } = given();
    const status = async () => {
      const told = context();
      const exit = await scheduleStatusCommand({ json: true }, told, host);
      return { exit, health: JSON.parse(told.out()).health };
    };
    expect(await status()).toEqual({ exit: 1, health: 'missing' });
    await scheduleInstallCommand(options, context(), host);
    expect(await status()).toEqual({ exit: 0, health: 'new' });
    passed(town, '2026-03-01T11:58:00Z');
    expect(await status()).toEqual({ exit: 0, health: 'working' });
    passed(town, '2026-03-01T11:00:00Z');
    expect(await status()).toEqual({ exit: 2, health: 'late' });
    const told = context();
    await scheduleStatusCommand({ json: false }, told, host);
    expect(told.out()).toMatch(/LATE: last heartbeat 1 h ago.* though one is due every 5 min/);
    expect(told.out()).toContain('next call in 50 s');
  });

  it('does not say that there was no heartbeat where its report cannot be read', async () => {
    const { town, host, context } = given();
    await scheduleInstallCommand(options, context(), host);
    mkdirSync(join(town, 'daemon/run.json'));
    const told = context();
    expect(await scheduleStatusCommand({ json: false }, told, host)).toBe(1);
    expect(told.out()).toContain('the report of the last heartbeat cannot be read: it is a directory');
    expect(told.out()).not.toContain('no heartbeat yet');
  });

  it.skipIf(process.geteuid?.() !== 0)(
    'of somebody else’s town says whose schedule it cannot see; root may look and --print, not install (skipped: needs root)',
    async () => {
      const { town, host, context } = given();
      chownSync(town, 65_534, 65_534);
      const told = context();
      expect(await scheduleStatusCommand({ json: false, town }, told, host)).toBe(1);
      expect(told.out()).toMatch(/nobody calls gt tick in your name; the town belongs to the user \S+,/);
      expect(await scheduleInstallCommand({ ...options, town, print: true }, context(), host)).toBe(0);
      await expect(scheduleInstallCommand({ ...options, town }, context(), host)).rejects.toMatchObject({
        exit: 77,
      });
    },
  );

  it('says that Node has gone from where the schedule calls it', async () => {
    const { host, kept, context } = given();
    await scheduleInstallCommand(options, context(), host);
    kept.table = kept.table?.replace(process.execPath, '/gone/node') ?? null;
    const told = context();
    expect(await scheduleStatusCommand({ json: false }, told, host)).toBe(1);
    expect(told.out()).toContain('/gone/node, which the schedule calls, is not there.');
  });
});

describe('gt schedule uninstall', () => {
  it('takes away what install wrote, and does nothing the second time', async () => {
    const { town, host, kept, context } = given();
    await scheduleInstallCommand(options, context(), host);
    const told = context();
    expect(await scheduleUninstallCommand({ json: false }, told, host)).toBe(0);
    expect(told.out()).toBe(
      `cron no longer calls gt tick for ${town}. Its agents go on; nobody looks after them.\n`,
    );
    expect(kept.table).toBe('# mine\n');
    const again = context();
    expect(await scheduleUninstallCommand({ json: false }, again, host)).toBe(0);
    expect(again.out()).toBe(`Nothing called gt tick for ${town}.\n`);
  });
});

describe('a line of the crontab that a person wrote', () => {
  const own = (town: string) => `*/5 * * * * /usr/bin/gt tick --town ${town}\n`;

  it('is seen as what calls the town, where nothing else does', async () => {
    const { town, host, kept, context } = given();
    kept.table = own(town);
    const status = context();
    expect(await scheduleStatusCommand({ json: false }, status, host)).toBe(0);
    expect(status.out()).toContain('cron calls gt tick every 5 min');
    expect(status.out()).toContain('in your crontab, in a line of your own');
    const daemon = context();
    await daemonStatusCommand({ json: false }, daemon, host);
    expect(daemon.out()).toContain(
      '● Daemon is running: cron calls gt tick every 5 min; no process is resident',
    );
  });

  it('is named by install, which puts its own beside it and touches nothing, and by status', async () => {
    const { town, host, kept, context } = given();
    kept.table = own(town);
    const told = context();
    expect(await scheduleInstallCommand(options, told, host)).toBe(0);
    const words = `Your crontab calls gt tick for this town in a line of your own as well (/usr/bin/gt tick --town ${town})`;
    expect(told.out()).toContain(`! ${words}; one call is enough.\n    crontab -e\n`);
    expect(kept.table?.startsWith(`${own(town)}# BEGIN gt ${town}\n`)).toBe(true);
    const status = context();
    expect(await scheduleStatusCommand({ json: true }, status, host)).toBe(1);
    expect(JSON.parse(status.out()).problems).toMatchObject([{ code: 'called-by-hand', hint: 'crontab -e' }]);
  });

  it('is named by uninstall and gt daemon stop, which leave it and do not say that nobody calls', async () => {
    const { town, host, kept, context } = given();
    kept.table = own(town);
    await scheduleInstallCommand(options, context(), host);
    const told = context();
    expect(await scheduleUninstallCommand({ json: false }, told, host)).toBe(1);
    expect(told.out()).toBe(`cron no longer calls gt tick for ${town}. Its agents go on.\n`);
    expect(told.err()).toContain(
      `in a line of your own, which crontab -e takes out: /usr/bin/gt tick --town ${town}`,
    );
    expect(kept.table).toBe(own(town));
    const again = context();
    expect(await scheduleUninstallCommand({ json: false }, again, host)).toBe(1);
    expect(again.out()).toBe(`Nothing was taken away that calls gt tick for ${town}.\n`);
    await expect(daemonStopCommand({ json: false }, context(), host)).rejects.toMatchObject({
      code: 'daemon-not-stopped',
      exit: 1,
      message: expect.stringContaining('in a line of your own'),
    });
    expect(kept.table).toBe(own(town));
  });
});

describe('a town in trouble', () => {
  it('can be taken off the schedule with settings that are wrong, and when it is gone', async () => {
    const { town, host, kept, context } = given();
    await scheduleInstallCommand(options, context(), host);
    writeFileSync(join(town, 'settings/config.json'), '{ broken');
    const told = context();
    await scheduleStatusCommand({ json: false }, told, host);
    expect(told.out()).toContain('cron calls gt tick every minute');
    rmSync(town, { recursive: true });
    expect(await scheduleUninstallCommand({ town, json: false }, context(), host)).toBe(0);
    expect(kept.table).toBe('# mine\n');
  });
});

describe('gt daemon', () => {
  it('says in upstream’s words that nothing is resident', async () => {
    const { town, host, context } = given();
    const told = context();
    expect(await daemonStatusCommand({ json: false }, told, host)).toBe(0);
    expect(told.out()).toBe(
      [
        '○ Daemon is not running',
        '  No process is resident, and nothing that you can see calls gt tick',
        '  Last heartbeat: none yet',
        '  Next heartbeat: due, as soon as somebody calls',
        '',
        'Start with: gt daemon start',
        '',
      ].join('\n'),
    );
    await expect(daemonStopCommand({ json: false }, context(), host)).rejects.toMatchObject({
      code: 'daemon-not-running',
      exit: 1,
    });
    const started = context();
    expect(await daemonStartCommand({ scheduler: 'cron', json: false }, started, host)).toBe(0);
    expect(started.out()).toBe(
      '✓ Daemon started: cron calls gt tick every minute; no process stays resident.\n',
    );
    const now = context();
    await daemonStatusCommand({ json: true }, now, host);
    expect(JSON.parse(now.out())).toMatchObject({
      schema: 'gt.daemon-status/1',
      town,
      resident: false,
      pid: null,
      scheduler: 'cron',
      last_heartbeat: null,
      heartbeat_count: 0,
    });
    const stopped = context();
    expect(await daemonStopCommand({ json: false }, stopped, host)).toBe(0);
    expect(stopped.out()).toBe('✓ Daemon stopped: cron no longer calls gt tick.\n');
  });

  it('does not say that it was started where the heartbeat will not come: no cron, or a dry run that fails', async () => {
    const { town, host, kept, context } = given();
    const idle = { ...host, cronRuns: () => false };
    const told = context();
    expect(await daemonStartCommand({ scheduler: 'cron', json: false }, told, idle)).toBe(1);
    expect(told.out()).toMatch(/^✗ Daemon not started as it should be: cron calls gt tick every minute/);
    expect(told.out()).toContain('✗ No cron runs on this machine');
    expect(told.out()).toContain('sudo service cron start');
    expect(told.out()).toContain('See: gt schedule status');
    expect(kept.table).toContain(`# BEGIN gt ${town}`);
    const failing = given({ dryRun: 69 });
    const json = failing.context();
    expect(await daemonStartCommand({ scheduler: 'cron', json: true }, json, failing.host)).toBe(1);
    expect(JSON.parse(json.out())).toMatchObject({
      started: false,
      dry_run: { ok: false, exit: 69, message: 'there is no tmux' },
    });
  });

  it('says when the next heartbeat is due where nobody calls any more', async () => {
    const { town, host, context } = given();
    const gate = {
      pass_started_at: '2026-03-01T11:58:00.000Z',
      due_at: '2026-03-01T12:04:00.000Z',
      every_seconds: 60,
      boot: null,
      tiers: [{ below_seconds: null, interval_seconds: 360 }],
    };
    writeFileSync(join(town, 'daemon/due.json'), JSON.stringify(gate));
    const json = context();
    await daemonStatusCommand({ json: true }, json, host);
    const told = context();
    await daemonStatusCommand({ json: false }, told, host);
    expect(JSON.parse(json.out()).next_due_at).toBe(gate.due_at);
    expect(told.out()).toMatch(/ {2}Next heartbeat: in 3 min, /);
  });

  it('logs show the newest events, oldest first, and say where they were looked for', async () => {
    const { town, context } = given();
    await expect(daemonLogsCommand({ follow: false }, context())).rejects.toMatchObject({
      exit: 1,
      message: `no log file found at ${town}/daemon/events.jsonl`,
    });
    const event = (n: number) =>
      JSON.stringify({ at: `2026-03-01T12:0${n}:00Z`, kind: 'start', agent: 'deacon', text: `no. ${n}` });
    writeFileSync(join(town, 'daemon/events.jsonl'), [1, 2, 3].map((n) => `${event(n)}\n`).join(''));
    const told = context();
    expect(await daemonLogsCommand({ lines: '2', follow: false }, told)).toBe(0);
    const lines =
      /^in 1 min, \d\d:02 {2}start {2}deacon {2}no. 2\nin 2 min, \d\d:03 {2}start {2}deacon {2}no. 3\n$/;
    expect(told.out()).toMatch(lines);
    await expect(daemonLogsCommand({ lines: 'x', follow: false }, context())).rejects.toMatchObject({
      exit: 64,
    });
    let rounds = 0;
    const followed = context();
    const more = () => {
      rounds += 1;
      if (rounds === 1) writeFileSync(join(town, 'daemon/events.jsonl'), `${event(4)}\n`, { flag: 'a' });
      return rounds < 2;
    };
    await daemonLogsCommand({ lines: '1', follow: true }, followed, more);
    expect(followed.out()).toMatch(/:03 {2}start {2}deacon {2}no. 3\n.*:04 {2}start {2}deacon {2}no. 4\n$/);
    rmSync(town, { recursive: true });
  });
});
