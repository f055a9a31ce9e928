import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronLine, parseCronLine } from '../../src/schedule/cron-line.ts';
import { example } from './host.ts';

/** What cron gives to the shell: everything after the fifth field, its `\%` unescaped, up to the first bare `%`. */
function asCron(line: string): string {
  const command = line.replace(/^(\S+ ){5}/, '');
  return command.split(/(?<!\\)%/)[0]?.replaceAll('\\%', '%') ?? '';
}

const value = fc.stringMatching(/^[ -~\u00e4\u2713]{0,30}$/);

describe('the line of a crontab', () => {
  it('reads like one that a person would write', () => {
    expect(cronLine(example)).toBe(
      '* * * * * NODE_OPTIONS= NODE_EXTRA_CA_CERTS= HOME=/home/you LANG=C.UTF-8 PATH=/home/you/.local/bin:/usr/local/bin:/usr/bin:/bin /usr/bin/node /usr/local/bin/gt tick --town /home/you/gt',
    );
  });

  it('means to a shell what it is to mean, whatever stands in paths and values', () => {
    fc.assert(
      fc.property(value, value, (path, language) => {
        const town = `/t/${path}`;
        const program = { node: '/bin/echo', gt: '-n' };
        const line = cronLine({ ...example, town, program, env: { LANG: language, PATH: '/usr/bin:/bin' } });
        const shown = asCron(line).replace('/bin/echo -n', `/usr/bin/printf '%s|' "$LANG"`);
        const printed = execFileSync('/bin/sh', [
          '-c',
          asCron(line).replace('/bin/echo -n', "/usr/bin/printf '%s|'"),
        ]);
        expect(printed.toString()).toBe(`tick|--town|${town}|`);
        expect(shown).not.toContain('\n');
      }),
      { numRuns: 40 },
    );
  });

  it('can be read back', () => {
    fc.assert(
      fc.property(value, value, fc.constantFrom(1, 5, 15, 60), (path, zone, everyMinutes) => {
        const registration = {
          ...example,
          town: `/t/${path}`,
          everyMinutes,
          env: { TZ: zone, PATH: '/usr/bin:/bin' },
        };
        const read = parseCronLine(cronLine(registration));
        expect(read).toEqual({
          everyMinutes,
          env: registration.env,
          command: ['/usr/bin/node', '/usr/local/bin/gt', 'tick', '--town', registration.town],
        });
      }),
    );
  });

  it('leaves out the search path rather than being longer than cron reads', () => {
    const env = {
      HOME: '/home/you',
      PATH: Array.from({ length: 60 }, (_, n) => `/a/long/directory/${n}`).join(':'),
    };
    const line = cronLine({ ...example, env });
    expect(line.length).toBeLessThan(990);
    expect(line).not.toContain('PATH=');
    expect(line).toContain('HOME=/home/you');
  });

  it('calls towns of one machine at different minutes where there are several to choose from', () => {
    const minutes = ['/a', '/b', '/c', '/d'].map(
      (town) => cronLine({ ...example, town, everyMinutes: 15 }).split(' ')[0],
    );
    expect(new Set(minutes).size).toBeGreaterThan(1);
    expect(minutes.every((field) => /^\d+-59\/15$/.test(field ?? ''))).toBe(true);
  });
});
