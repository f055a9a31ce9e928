import { describe, expect, it } from 'vitest';
import { cronLine } from '../../src/schedule/cron-line.ts';
import { bytes, withRegion } from '../../src/schedule/crontab-region.ts';
import { ownLines } from '../../src/schedule/own-lines.ts';
import { example } from './host.ts';

const reading = { town: '/home/you/gt', home: '/home/you', isListed: false };
const every = (table: string, more: Partial<typeof reading> = {}) =>
  ownLines(bytes(table), { ...reading, ...more }).map(({ everyMinutes }) => everyMinutes);

describe('a line of a crontab that a person wrote', () => {
  it.each([
    ['* * * * * /usr/bin/node /usr/local/bin/gt tick --town /home/you/gt', 1],
    ['*/5 * * * * gt tick --town=/home/you/gt/ >/dev/null 2>&1', 5],
    ['3 * * * * gt --town "/home/you/gt" tick', 60],
    ['0 9-17 * * 1-5 gt tick --town ~/gt', null],
    ['@hourly gt tick --town $HOME/gt', null],
    ['* * * * * cd ~/gt && gt tick', 1],
    ['* * * * * (cd /home/you/gt; nice node /opt/gt.cjs tick --force) | logger', 1],
    ['* * * * * GT_TOWN_ROOT=/home/you/gt gt tick', 1],
    ['GT_ROOT = "/home/you/gt"\n* * * * * gt tick', 1],
    ["*\t* * * * PATH='/a b' gt tick --town /home/you/gt%input", 1],
  ])('is known as one that calls the town: %s', (table, minutes) => {
    expect(every(`# mine\n${table}\n`)).toEqual([minutes]);
  });

  it.each([
    ['# * * * * * gt tick --town /home/you/gt'],
    ['* * * * * gt tick --town /home/you/gt2'],
    ['* * * * * gt tick --town /home/them/gt'],
    ['* * * * * gt tick --dry-run --town /home/you/gt'],
    ['* * * * * gt status --town /home/you/gt'],
    ['* * * * * cd /home/you/gt/proj && make tick'],
    ['* * * * * gt tick'],
    ['* * * * * echo gt # tick --town /home/you/gt'],
    ['* * * * * true % gt tick --town /home/you/gt'],
    ['* * * * * gt tick --all'],
    ['not a line'],
    [''],
  ])('is not taken for one that calls the town: %s', (table) => {
    expect(every(`${table}\n`)).toEqual([]);
  });

  it('with --all calls the towns of the list', () => {
    expect(every('* * * * * gt tick --all\n', { isListed: true })).toEqual([1]);
  });

  it('is told from what stands between our marks, ours and another town’s', () => {
    const ours = withRegion('', example.town, [cronLine(example)]);
    const theirs = { ...example, town: '/home/you/other' };
    expect(every(withRegion(ours, theirs.town, [cronLine(theirs)]))).toEqual([]);
    expect(every(cronLine(example))).toEqual([1]);
  });

  it('is shown as the command it runs, without where its output goes', () => {
    const told = (run: string) =>
      ownLines(`* * * * * ${run}\n`, reading).map(({ command }) => command.join(' '));
    const call = 'gt tick --town /home/you/gt';
    for (const to of ['>/dev/null 2>&1', '2>> ~/log', '&> /tmp/x', '| logger', '; true', '|| exit'])
      expect(told(`${call} ${to}`), to).toEqual([call]);
  });

  it('gives its call what the table and the line set', () => {
    const table = 'LANG=C\nPATH=/bin\n* * * * * PATH=/opt/ö:/bin gt tick --town /home/you/gt\n';
    expect(ownLines(bytes(table), reading)).toEqual([
      {
        command: ['gt', 'tick', '--town', '/home/you/gt'],
        env: { LANG: 'C', PATH: '/opt/ö:/bin' },
        everyMinutes: 1,
      },
    ]);
  });
});
