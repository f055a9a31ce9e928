import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cronLine } from '../../src/schedule/cron-line.ts';
import { withRegion } from '../../src/schedule/crontab-region.ts';
import { dropIns } from '../../src/schedule/drop-ins.ts';
import { plist } from '../../src/schedule/plist.ts';
import type { Registration } from '../../src/schedule/registration.ts';
import { escapePath } from '../../src/schedule/unit-name.ts';
import { templates } from '../../src/schedule/units.ts';
import { example } from './host.ts';
import { lacking } from './programs.ts';

const root = join(import.meta.dirname, '../..');
const noAnalyze = lacking(['systemd-analyze', 'tmux']);
const noLint = lacking(['xmllint']);

/** Everything that must not confuse a unit file, a plist or a shell. */
const awkward: Registration = {
  ...example,
  town: '/home/you/my $HOME 100% <"gt"> & \'co\'',
  everyMinutes: 15,
  program: { node: process.execPath, gt: '/opt/my "tools"/100%/gt' },
  env: { ...example.env, TZ: 'a%h "b" \\ $c <&>' },
  tmux: { file: '/usr/bin/tmux', socket: 'mine', tmpdir: '/home/you/sockets 100%' },
};

describe('what is shipped', () => {
  it('has every unit that install writes, to the letter, and no other', async () => {
    for (const [name, text] of Object.entries(templates))
      await expect(text).toMatchFileSnapshot(join(root, 'systemd', name));
    expect(readdirSync(join(root, 'systemd')).filter((name) => name.startsWith('gt-'))).toEqual(
      Object.keys(templates).sort(),
    );
  });

  it('has a crontab to paste that install would write', () => {
    const shipped = readFileSync(join(root, 'crontab.example'), 'utf8');
    expect(shipped.endsWith(`\n\n${withRegion('', example.town, [cronLine(example)])}`)).toBe(true);
    const head = shipped.slice(0, shipped.indexOf('\n\n'));
    expect(head.split('\n').filter((line) => !line.startsWith('#'))).toEqual([]);
  });

  it('is what a town adds, as the golden files have it', async () => {
    const files = Object.entries(dropIns({ ...example, everyMinutes: 5 }));
    const shown = files.map(([name, text]) => `### ${name}\n${text}`).join('\n');
    await expect(shown).toMatchFileSnapshot(join(import.meta.dirname, 'golden/drop-ins.txt'));
    await expect(plist(example)).toMatchFileSnapshot(join(import.meta.dirname, 'golden/launchd.plist'));
    await expect(plist(awkwardAsIs())).toMatchFileSnapshot(
      join(import.meta.dirname, 'golden/launchd-awkward.plist'),
    );
  });
});

/** The same on every machine. */
function awkwardAsIs(): Registration {
  return { ...awkward, program: { ...awkward.program, node: '/usr/bin/node' } };
}

/** The units of a town in a directory of their own, each under its instance's name, as verify wants them. */
function unitsOf(registration: Registration): readonly string[] {
  const dir = mkdtempSync(join(tmpdir(), 'gt-units-'));
  const instance = escapePath(registration.town);
  for (const [name, text] of Object.entries({ ...templates, ...dropIns(registration) })) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return Object.keys(templates).map((name) => {
    const unit = join(dir, name.replace('@.', `@${instance}.`));
    copyFileSync(join(dir, name), unit);
    return unit;
  });
}

function analyze(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: tmpdir(),
      XDG_RUNTIME_DIR: mkdtempSync(join(tmpdir(), 'gt-run-')),
      LC_ALL: 'C',
    },
  });
  return { status, stdout, stderr };
}

describe('systemd’s own opinion', () => {
  it.skipIf(noAnalyze !== '').each([
    ['a usual town', { ...example, program: { node: process.execPath, gt: '/usr/bin/env' } }],
    ['an awkward one', awkward],
  ])(`finds nothing to complain of in the units of %s${noAnalyze}`, (_, registration) => {
    expect(analyze('--user', '--man=no', 'verify', ...unitsOf(registration))).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  it.skipIf(noAnalyze !== '')(
    `scores the exposure of the tick 6.4 at most, for an unprivileged user${noAnalyze}`,
    () => {
      const tick =
        unitsOf(example).find((unit) => unit.includes('gt-tick@') && unit.endsWith('.service')) ?? '';
      const { status, stdout } = analyze('--user', 'security', '--offline=true', '--threshold=64', tick);
      const [, score = ''] = /Overall exposure level for \S+: ([0-9.]+)/.exec(stdout) ?? [];
      expect({ status, score: Number(score) <= 6.4 }).toEqual({ status: 0, score: true });
    },
  );

  it('puts nothing around the agents’ tmux server (F11)', () => {
    const keys = [...(templates['gt-tmux@.service'] ?? '').matchAll(/^([A-Za-z]+)=/gm)].map(
      ([, key = '']) => key,
    );
    expect(
      keys.filter((key) =>
        /^(Private|Protect|Restrict|SystemCall|NoNew|Memory|Lock|Capability|Keyring|ReadOnly|Inaccessible)/.test(
          key,
        ),
      ),
    ).toEqual([]);
  });
});

describe('launchd’s definition', () => {
  it.skipIf(noLint !== '')(`is well-formed, whatever stands in it${noLint}`, () => {
    for (const registration of [example, awkward]) {
      const file = join(mkdtempSync(join(tmpdir(), 'gt-plist-')), 'one.plist');
      writeFileSync(file, plist(registration));
      execFileSync('xmllint', ['--noout', '--nonet', file]);
      const said = execFileSync('xmllint', ['--nonet', '--xpath', 'string(//array/string[last()])', file]);
      expect(said.toString()).toContain(registration === awkward ? 'my $HOME 100%' : '/home/you/gt');
    }
  });
});
