import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installSchedule, removeSchedule } from '../../src/schedule/change.ts';
import { cron } from '../../src/schedule/cron.ts';
import { cronLine } from '../../src/schedule/cron-line.ts';
import { launchd } from '../../src/schedule/launchd.ts';
import { plist } from '../../src/schedule/plist.ts';
import { chooseScheduler } from '../../src/schedule/schedulers.ts';
import { systemd } from '../../src/schedule/systemd.ts';
import { templates } from '../../src/schedule/units.ts';
import { type Answer, type MadeUp, madeUpCrontab, madeUpHost, registrationOf } from './host.ts';

const editing = { since: '2026-03-01T12:00:00Z', command: 'gt schedule install' };
const codes = (problems: readonly { readonly code: string }[] = []) => problems.map(({ code }) => code);

/** A service manager that does what it is asked; `refuses` is asked with each command line. */
function madeUpSystemd(refuses: (line: string) => boolean = () => false) {
  const enabled = new Set<string>();
  return (line: string): Answer => {
    if (refuses(line)) return { exit: 1, stderr: 'Failed to do that' };
    if (line.startsWith('loginctl ')) return { stdout: 'yes\n' };
    const [, verb = '', ...units] =
      /^systemctl --user (\S+) ?(.*)$/.exec(line)?.flatMap((word) => word.split(' ')) ?? [];
    const named = units.slice(units.indexOf(verb) + 1).filter((word) => word.startsWith('gt-'));
    if (line.includes(' enable ')) for (const unit of named) enabled.add(unit);
    if (line.includes(' disable ')) for (const unit of named) enabled.delete(unit);
    if (/ is-(enabled|active) /.test(line)) {
      const word = line.includes('is-enabled') ? 'enabled' : 'active';
      const states = named.map((unit) => (enabled.has(unit) ? word : 'inactive'));
      return { stdout: `${states.join('\n')}\n`, exit: states.every((state) => state === word) ? 0 : 3 };
    }
    if (line.includes(' show ')) return { stdout: 'Result=success\nExecMainStatus=0\n' };
    return line.startsWith('systemctl ') ? {} : undefined;
  };
}

const filesIn = (host: MadeUp): readonly string[] =>
  readdirSync(host.home, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.startsWith('.config'))
    .sort();

describe('cron', () => {
  it('asks for the table, writes it, and looks whether it was taken', async () => {
    const { answer, kept } = madeUpCrontab('# mine\r\n');
    const host = madeUpHost(answer);
    const registration = registrationOf(host);
    expect(await cron(host).install(registration)).toBe(true);
    expect(host.asked).toEqual(['crontab -l', 'crontab -e', 'crontab -', 'crontab -l', 'crontab -e']);
    expect(kept.table).toContain(`\n${cronLine(registration)}\n`);
    expect(await cron(host).install(registration)).toBe(false);
    expect(await cron(host).remove(registration.town)).toBe(true);
    expect(kept.table).toBe('# mine\r\n');
    expect(await cron(host).remove(registration.town)).toBe(false);
  });

  it('leaves no table where there was none', async () => {
    const { answer, kept } = madeUpCrontab(null);
    const host = madeUpHost(answer);
    const { town } = registrationOf(host);
    await cron(host).install(registrationOf(host));
    await cron(host).remove(town);
    expect(kept.table).toBeNull();
  });

  it('gives back a table without a last line end, where the program takes one', async () => {
    for (const strict of [false, true]) {
      const { answer, kept } = madeUpCrontab('# open', { strict });
      const host = madeUpHost(answer);
      await cron(host).install(registrationOf(host));
      await cron(host).remove(registrationOf(host).town);
      expect(kept.table).toBe(strict ? '# open\n' : '# open');
    }
  });

  it.each([
    [
      'an error it does not know',
      { exit: 1, stderr: 'You (you) are not allowed to use this program (crontab)' },
    ],
    ['a program that is not there', undefined],
    ['an I/O error', { exit: 1, stderr: 'crontabs/you/: fdopen: Input/output error' }],
  ])('never takes %s for an empty table', async (_, said) => {
    const host = madeUpHost(() => said);
    await expect(cron(host).install(registrationOf(host))).rejects.toMatchObject({
      code: 'crontab-unreadable',
      exit: 69,
    });
    expect(new Set(host.asked)).toEqual(new Set(['crontab -l']));
  });

  it('never writes a second time over what somebody else has written meanwhile', async () => {
    const { answer, kept } = madeUpCrontab('# open');
    const host = madeUpHost((line, command) => {
      const said = answer(line, command);
      // Between our write and our look at it somebody else saves theirs.
      if (line === 'crontab -' && kept.table === '# open') kept.table = '# theirs';
      return said;
    });
    await cron(host).install(registrationOf(host));
    await expect(cron(host).remove(registrationOf(host).town)).rejects.toMatchObject({
      code: 'crontab-changed',
    });
    expect(kept.table).toBe('# theirs');
    expect(host.asked.filter((line) => line === 'crontab -')).toHaveLength(2);
  });

  it('says so when the table is another one a moment later', async () => {
    const { answer } = madeUpCrontab('# mine\n');
    const host = madeUpHost((line, command) => (line === 'crontab -' ? {} : answer(line, command)));
    await expect(cron(host).install(registrationOf(host))).rejects.toMatchObject({
      code: 'crontab-changed',
      exit: 75,
    });
  });

  it('tells of a line that another gt wrote, and of a Node that is gone, but not of another search path (F82)', async () => {
    const { answer, kept } = madeUpCrontab(null);
    const host = madeUpHost(answer);
    const registration = registrationOf(host);
    await cron(host).install(registration);
    const elsewhere = { ...registration, env: { ...registration.env, PATH: '/opt/bin:/bin' } };
    const found = await cron(host).find(elsewhere);
    expect(codes(found?.problems)).toEqual([]);
    expect(found).toMatchObject({
      everyMs: 60_000,
      command: [process.execPath, registration.program.gt, 'tick', '--town', registration.town],
    });
    kept.table = kept.table?.replace(process.execPath, '/old/node') ?? null;
    expect(codes((await cron(host).find(registration))?.problems)).toEqual(
      expect.arrayContaining(['program-missing', 'drift']),
    );
  });
});

describe('systemd', () => {
  it('writes the units, enables and starts them, and asks whether they run', async () => {
    const host = madeUpHost(madeUpSystemd());
    const registration = registrationOf(host);
    const instance = `${host.home}/town`.slice(1).replaceAll('-', '\\x2d').replaceAll('/', '-');
    const units = `gt-tick@${instance}.timer gt-tick@${instance}.path`;
    expect(await systemd(host).install(registration)).toBe(true);
    expect(host.asked).toEqual([
      'systemctl --user daemon-reload',
      `systemctl --user enable ${units}`,
      `systemctl --user restart ${units}`,
      `systemctl --user is-enabled ${units}`,
      `systemctl --user is-active ${units}`,
    ]);
    for (const [name, text] of Object.entries(templates))
      expect(readFileSync(join(host.home, '.config/systemd/user', name), 'utf8')).toBe(text);
    for (const { where, text } of systemd(host).wanted(registration))
      expect(readFileSync(where, 'utf8')).toBe(text);
    expect(await systemd(host).install(registration)).toBe(false);
    expect(await systemd(host).find(registration)).toMatchObject({
      active: true,
      everyMs: 60_000,
      lastResult: 'success',
      problems: [],
    });
    expect(await systemd(host).remove(registration.town)).toBe(true);
    expect(filesIn(host)).toEqual([]);
  });

  it('changes the length, and back, without a file left over', async () => {
    const host = madeUpHost(madeUpSystemd());
    const registration = registrationOf(host);
    await systemd(host).install(registration);
    const before = filesIn(host);
    await systemd(host).install({ ...registration, everyMinutes: 5 });
    expect(await systemd(host).find({ ...registration, everyMinutes: 5 })).toMatchObject({
      everyMs: 300_000,
      problems: [],
    });
    await systemd(host).install(registration);
    expect(filesIn(host)).toEqual(before);
  });

  it('keeps what other towns and people have there', async () => {
    const host = madeUpHost(madeUpSystemd());
    const one = registrationOf(host);
    const two = { ...one, town: `${host.home}/second` };
    await systemd(host).install(one);
    await systemd(host).install(two);
    const own = join(host.home, '.config/systemd/user/mine.service');
    writeFileSync(own, '[Service]\n');
    await systemd(host).remove(one.town);
    expect(await systemd(host).find(one)).toBeNull();
    expect(await systemd(host).find(two)).toMatchObject({ active: true, problems: [] });
    await systemd(host).remove(two.town);
    expect(filesIn(host).filter((name) => name.includes('.service'))).toEqual([
      '.config/systemd/user/mine.service',
    ]);
  });

  it.each(['daemon-reload', 'enable', 'restart'])('puts everything back when %s fails', async (verb) => {
    const host = madeUpHost(
      madeUpSystemd(
        (line) => line.includes(` ${verb} gt-`) || (verb === 'daemon-reload' && line.endsWith(verb)),
      ),
    );
    await expect(systemd(host).install(registrationOf(host))).rejects.toMatchObject({
      code: 'systemd-refused',
      exit: 69,
    });
    expect(filesIn(host)).toEqual([]);
  });

  it('says how to keep the timer after logging out, with the very command (F11)', async () => {
    const answers = madeUpSystemd();
    const host = madeUpHost((line) => (line.startsWith('loginctl ') ? { stdout: 'no\n' } : answers(line)));
    const registration = registrationOf(host);
    await systemd(host).install(registration);
    expect((await systemd(host).find(registration))?.problems).toMatchObject([
      { code: 'no-linger', hint: 'loginctl enable-linger you' },
    ]);
  });

  it('refuses a path that no unit can be named after', async () => {
    const host = madeUpHost(madeUpSystemd());
    const town = `/${'x'.repeat(300)}`;
    await expect(systemd(host).install({ ...registrationOf(host), town })).rejects.toMatchObject({
      code: 'path-too-long',
    });
  });
});

describe('launchd', () => {
  function mac() {
    let loaded = false;
    const host = madeUpHost(
      (line) => {
        if (line.startsWith('launchctl bootstrap')) loaded = true;
        if (line.startsWith('launchctl bootout')) loaded = false;
        if (line.includes('/gastown.gt.') && line.startsWith('launchctl print'))
          return { exit: loaded ? 0 : 113 };
        return line.startsWith('launchctl ') ? {} : undefined;
      },
      { platform: 'darwin' },
    );
    return { host, registration: registrationOf(host) };
  }

  it('loads the job once, and leaves a loaded one that has not changed to its work', async () => {
    const { host, registration } = mac();
    expect(await launchd(host).install(registration)).toBe(true);
    const label = /gastown\.gt\.town\.[0-9a-f]{8}/.exec(host.asked.join(' '))?.[0];
    const file = `${host.home}/Library/LaunchAgents/${label}.plist`;
    expect(host.asked).toEqual([`launchctl print gui/1000/${label}`, `launchctl bootstrap gui/1000 ${file}`]);
    expect(readFileSync(file, 'utf8')).toBe(plist(registration));
    expect(await launchd(host).install(registration)).toBe(false);
    expect(await launchd(host).find(registration)).toMatchObject({
      active: true,
      problems: [],
      everyMs: 60_000,
    });
    expect(await launchd(host).remove(registration.town)).toBe(true);
    expect(existsSync(file)).toBe(false);
    expect(host.asked.at(-1)).toBe(`launchctl bootout gui/1000/${label}`);
  });

  it('warns of folders that macOS keeps background programs out of (F81)', async () => {
    const { host, registration } = mac();
    const town = `${host.home}/Documents/gt`;
    mkdirSync(town, { recursive: true });
    await launchd(host).install({ ...registration, town });
    expect(codes((await launchd(host).find({ ...registration, town }))?.problems)).toEqual([
      'guarded-folder',
    ]);
  });
});

describe('the choice', () => {
  const both = (linger: string) => {
    const { answer } = madeUpCrontab(null);
    const answers = madeUpSystemd();
    return madeUpHost((line, command) =>
      line.startsWith('loginctl ') ? { stdout: `${linger}\n` } : (answer(line, command) ?? answers(line)),
    );
  };

  it('is systemd where its timers last', async () => {
    const host = both('yes');
    expect((await chooseScheduler('auto', registrationOf(host), host)).chosen.name).toBe('systemd');
  });

  it('is cron where no service manager answers', async () => {
    const { answer } = madeUpCrontab(null);
    const host = madeUpHost(answer);
    expect((await chooseScheduler('auto', registrationOf(host), host)).chosen.name).toBe('cron');
  });

  it('is systemd all the same where nobody would read a crontab', async () => {
    const host = { ...both('no'), cronRuns: () => false };
    expect((await chooseScheduler('auto', registrationOf(host), host)).chosen.name).toBe('systemd');
    expect(
      (await chooseScheduler('auto', registrationOf(host), { ...host, cronRuns: () => true })).chosen.name,
    ).toBe('cron');
    const { chosen } = await chooseScheduler('cron', registrationOf(host), host);
    await chosen.install(registrationOf(host));
    expect(codes((await chosen.find(registrationOf(host)))?.problems)).toEqual(['cron-not-running']);
  });

  it('is cron for a path that no unit can be named after, where that is asked for', async () => {
    const host = both('yes');
    const registration = { ...registrationOf(host), town: `/${'x'.repeat(300)}` };
    expect(await installSchedule(registration, 'cron', host, editing)).toMatchObject({
      changed: true,
      kept: [],
    });
    expect(await removeSchedule(registration, host, editing)).toEqual({ removed: ['cron'], kept: [] });
  });

  it('stays with what has the town already', async () => {
    const host = both('yes');
    const registration = registrationOf(host);
    await installSchedule(registration, 'cron', host, editing);
    expect(await installSchedule(registration, 'auto', host, editing)).toMatchObject({
      chosen: { name: 'cron' },
      changed: false,
    });
  });

  it('says of each why it cannot be, where none can', async () => {
    const host = madeUpHost(() => undefined);
    await expect(chooseScheduler('auto', registrationOf(host), host)).rejects.toMatchObject({
      code: 'no-scheduler',
      exit: 69,
      message: expect.stringMatching(/systemd: .*was not found.*cron: .*was not found/),
    });
  });

  it('leaves the town with one scheduler only, and takes it from all on uninstall', async () => {
    const host = both('yes');
    const registration = registrationOf(host);
    await installSchedule(registration, 'cron', host, editing);
    expect(await installSchedule(registration, 'systemd', host, editing)).toMatchObject({
      removed: ['cron'],
      kept: [],
    });
    expect(await cron(host).find(registration)).toBeNull();
    await cron(host).install(registration);
    expect(await removeSchedule(registration, host, editing)).toEqual({
      removed: ['systemd', 'cron'],
      kept: [],
    });
    expect(await removeSchedule(registration, host, editing)).toEqual({ removed: [], kept: [] });
    expect(filesIn(host)).toEqual([]);
  });

  it('leaves the old one in place when the new one fails', async () => {
    const { answer, kept } = madeUpCrontab(null);
    const answers = madeUpSystemd((line) => line.includes(' enable '));
    const host = madeUpHost((line, command) => answer(line, command) ?? answers(line));
    const registration = registrationOf(host);
    await installSchedule(registration, 'cron', host, editing);
    await expect(installSchedule(registration, 'systemd', host, editing)).rejects.toMatchObject({
      code: 'systemd-refused',
    });
    expect(kept.table).toContain(cronLine(registration));
    expect(filesIn(host)).toEqual([]);
  });
});
