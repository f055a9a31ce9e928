import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { complain } from '../../src/commands/complain.ts';
import { commands } from '../../src/commands/list.ts';
import { asked } from './asked.ts';
import { bareTown, gt } from './told.ts';

let town: string;
beforeAll(() => {
  town = bareTown();
});
afterAll(() => rmSync(town, { recursive: true, force: true }));

const wordsOf = (usage: string): string[] => usage.split(' ').filter((word) => /^[a-z]/.test(word));

describe('the command line', () => {
  it.each([
    [['tik'], 'Did you mean gt tick?'],
    [['rig', 'ad'], 'Did you mean gt rig add?'],
    [['statsu'], 'Did you mean gt status?'],
    [['tick', '--forc'], 'Did you mean --force?'],
    [['tick', '--dryrun'], 'Did you mean --dry-run?'],
    [['status', '--jsn=true'], 'Did you mean --json?'],
    [['tick', '--twon', '/x'], 'Did you mean --town?'],
    [['xyzzy'], 'There is no command gt xyzzy.'],
    [['tick', 'deacon'], 'There is an argument too many: deacon.'],
    [['rig'], 'A command is missing after gt rig.'],
    [[], 'A command is missing.'],
    [['rig', 'add'], 'An argument is missing: gt rig add <name> [source]'],
    [['tick', '--only'], 'The option --only needs a value.'],
    [['install', '--store', 'fils'], '--store is files or beads, not "fils". Did you mean files?'],
    [['store', 'migrate', '--to=xyzzy'], '--to is files or beads, not "xyzzy".\n'],
    [['mail', 'send', 'x', '-m', '-s', 'y'], 'The option -m needs a value.'],
    [['completion', 'nope'], 'A shell is bash, zsh or fish, not "nope".'],
    [['down', '-qa'], 'There is no option -a here: '],
    [['crew', 'start', 'max', '--account', 'one'], 'There is no option --account here: '],
    [['status', '--town', ''], '--town was given without a directory.'],
    [['tick', '--town='], '--town was given without a directory.'],
    [['--town', ' ', 'why', 'deacon'], '--town was given without a directory.'],
    [['--version', 'status'], 'There is no option --version.'],
  ])('refuses %j with 64 and what was meant', async (args, message) => {
    const told = await gt(town, args);
    expect(told.err).toContain(message);
    expect(told).toMatchObject({ exit: 64, out: '' });
  });

  it.each(['dea', 'ref', 'may', 'cat', 'polecats', 'sess'])(
    'knows the group %s by this name too',
    async (short) => {
      expect((await gt(town, [short])).err).toContain('A command is missing after gt ');
      expect((await gt(town, [short, 'nonsense'])).err).toMatch(/There is no command gt [a-z]+ nonsense\./);
    },
  );

  it('takes the arguments of a command after a short name', async () => {
    const long = await gt(town, ['polecat', 'list', 'nope']);
    expect(await gt(town, ['cat', 'list', 'nope'])).toEqual(long);
    expect(long.err).toContain('nope');
  });

  it('takes words after -- for arguments, those that have to be given too', async () => {
    expect(await gt(town, ['rig', 'add', '--', 'after'])).toMatchObject({ exit: 0 });
    expect(await gt(town, ['rig', 'remove', '--json', '--', 'after'])).toMatchObject({ exit: 0 });
    expect(await gt(town, ['mail', 'search', '--', '-text'])).toMatchObject({ exit: 0 });
    expect(await gt(town, ['rig', 'add', '--'])).toMatchObject({
      exit: 64,
      err: expect.stringContaining('An argument is missing: gt rig add <name> [source]'),
    });
    expect((await gt(town, ['rig', 'remove', '--', 'a', 'b'])).err).toContain('an argument too many: b');
  });

  it('names a command that exists as the one to run next', async () => {
    for (const args of [['tik'], ['tick', '--forc'], ['rig', 'ad'], ['rig', 'add'], ['config', 'x']]) {
      const [, next = ''] = /next: gt (.*)\n/.exec((await gt(town, args)).err) ?? [];
      expect(await gt(town, next.split(' ')), next).toMatchObject({ exit: 0, err: '' });
    }
  });

  it('prints one document for a failure, where a document was asked for', async () => {
    for (const args of [
      ['tick', '--jsn', '--json'],
      ['tik', '--json'],
      ['status', '--json', '--town', '/nowhere'],
    ]) {
      const { exit, out, err } = await gt(town, args);
      expect([64, 78]).toContain(exit);
      expect(err).toBe('');
      const { schema, error } = JSON.parse(out);
      expect(schema).toBe('gt.error/1');
      expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
    }
  });

  it.each(commands.map((command) => [command.usage, command] as const))(
    '%s explains itself',
    async (_, command) => {
      const { exit, out } = await gt(town, [...wordsOf(command.usage), '--help']);
      expect(exit).toBe(0);
      const flat = out.replaceAll(/\s+/g, ' ');
      expect(flat).toContain(command.purpose);
      for (const name of [...Object.keys(command.options ?? {}), 'town']) {
        expect(flat, name).toMatch(new RegExp(`--${name} .*?\\[default: `));
      }
      expect(command.examples.length).toBeGreaterThan(0);
      for (const [line, does] of command.examples)
        expect(flat).toContain(`${line.replaceAll(/\s+/g, ' ')} ${does}`);
    },
  );

  it('has examples that are command lines of this gt', async () => {
    for (const { usage, examples } of commands) {
      for (const [line] of examples)
        expect(line.startsWith(`gt ${wordsOf(usage).join(' ')}`), line).toBe(true);
    }
  });

  it('answers in every spelling people try: help, aliases, options before and after', async () => {
    expect((await gt(town, ['help', 'tick'])).out).toContain('gt tick');
    expect((await gt(town, ['--town', town, 'due'])).out).toContain('due');
    expect((await gt('/', ['due', `--town=${town}`])).out).toContain('due');
    expect((await gt('/', ['due', '--json=false', '--town', '/nowhere', '--town', town])).out).toContain(
      'A heartbeat is due',
    );
  });

  it.each([[['-h']], [['--help']], [['help']], [['--json', '-h']]])('helps with %j', async (args) => {
    const { exit, out, err } = await gt(town, args);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('Usage: gt <command>');
  });

  it('helps with one command or group by -h, before or after it', async () => {
    const help = await gt(town, ['tick', '--help']);
    expect(help.out).toContain('gt tick --dry-run');
    expect(await gt(town, ['tick', '-h'])).toEqual(help);
    expect(await gt(town, ['-h', 'tick'])).toEqual(help);
    expect(await gt(town, ['rig', '-h'])).toEqual(await gt(town, ['rig', '--help']));
  });

  it.each(['--version', '-V', '-v'])('tells its version by %s', async (option) => {
    expect(await gt(town, [option])).toEqual(await gt(town, ['version']));
    expect(JSON.parse((await gt(town, ['--json', option])).out)).toEqual(
      JSON.parse((await gt(town, ['version', '--json'])).out),
    );
  });

  it('takes flags before the command, with --town or without', async () => {
    const document = (await gt(town, ['due', '--json'])).out;
    expect(JSON.parse(document)).toHaveProperty('due');
    for (const args of [
      ['--json', 'due', '--town', town],
      ['--town', town, '--json', 'due'],
      ['--json', `--town=${town}`, 'due'],
    ])
      expect((await gt('/', args)).out, args.join(' ')).toBe(document);
    expect(await gt(town, ['--all', 'alerts', 'list', '--json'])).toMatchObject({ exit: 0, err: '' });
    expect((await gt(town, ['--json', 'mail', 'search', '--', '--json'])).out).toMatch(/^[[{]/);
  });

  it('names the town of whoever named one in the command to run next, where it would not be found', async () => {
    const spaced = `--town ${town}`;
    expect((await gt('/', ['why', 'nope', '--town', town])).err).toContain(`next: gt status ${spaced}\n`);
    expect((await gt('/', ['why', 'nope', `--town=${town}`])).err).toContain(`next: gt status ${spaced}\n`);
    expect((await gt(town, ['why', 'nope', '--town', town])).err).toContain('next: gt status\n');
    expect((await gt('/', ['why', '--town', town])).err).toContain('next: gt why --help\n');
    const { error } = JSON.parse((await gt('/', ['why', 'nope', '--json', '--town', town])).out);
    expect(error.hint).toBe(`gt status ${spaced}`);
    expect((await gt('/', ['status', '--town', '/nowhere'])).err).toMatch(/next: gt install [^\n]*\n$/);
  });

  it('prints the completion script of the shell that is named, and its help', async () => {
    vi.stubEnv('SHELL', '/bin/sh').stubEnv('ZSH_NAME', undefined);
    expect((await gt(town, ['completion', 'zsh'])).out).toContain('#compdef gt');
    expect((await gt(town, ['completion', 'fish'])).out).toContain('complete -f -c gt');
    expect((await gt(town, ['completion', 'bash'])).out).toContain('complete -o bashdefault');
    vi.unstubAllEnvs();
    expect((await gt(town, ['completion', '--help'])).out).toContain('gt completion bash >> ~/.bashrc');
  });

  it('tells upstream’s own errors as upstream did, and as JSON without its word (vector 5)', async () => {
    const said = { exit: 1, out: '', err: "Error: rig 'nope' not found\n    next: gt rig list\n" };
    expect(await gt(town, ['witness', 'status', 'nope'])).toEqual(said);
    const { error } = JSON.parse((await gt(town, ['witness', 'status', 'nope', '--json'])).out);
    expect(error).toEqual({ code: 'rig-unknown', message: "rig 'nope' not found", hint: 'gt rig list' });
    expect((await gt(town, ['tik'])).err).toMatch(/^gt: There is no command/);
  });

  it('completes commands and options', async () => {
    expect((await gt(town, ['completion'])).out).toContain('gt --get-yargs-completions');
    expect((await gt(town, ['--get-yargs-completions', 'gt', 'ti'])).out.split('\n')).toContain('tick');
    expect((await gt(town, ['--get-yargs-completions', 'gt', 'tick', '--d'])).out.split('\n')).toContain(
      '--dry-run',
    );
  });

  it('looks for its town and says how to make one', async () => {
    const { exit, err } = await gt(tmpdir(), ['status']);
    expect(exit).toBe(78);
    expect(err).toMatch(/next: gt install/);
  });
});

describe('a bug', () => {
  const bug = new TypeError('x is not a function');

  it('is admitted with 70 and a report in the town', () => {
    const context = asked(town);
    expect(complain(bug, ['status'], context)).toBe(70);
    const [, report = ''] = /A report is in (\S+)/.exec(context.err()) ?? [];
    expect(report.startsWith(`${town}/daemon/reports/bug-`)).toBe(true);
    const text = readFileSync(report, 'utf8');
    expect(text).toContain('TypeError: x is not a function');
    expect(text).toContain('gt status');
    expect(text).not.toContain('ann@example.org');
  });

  it('has one report however often it happens', () => {
    const reports = [asked(town), asked(town)].map((context) => {
      complain(bug, [], context);
      return context.err();
    });
    expect(reports[0]).toBe(reports[1]);
  });

  it('is reported elsewhere where there is no town', () => {
    const context = asked('/');
    complain(bug, ['--json'], context);
    const { error } = JSON.parse(context.out());
    const [, report = ''] = /A report is in (\S+)/.exec(error.message) ?? [];
    expect(report.startsWith(tmpdir())).toBe(true);
    expect(existsSync(report)).toBe(true);
    rmSync(report);
  });
});
