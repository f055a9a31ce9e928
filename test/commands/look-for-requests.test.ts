import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dueDocument } from '../../src/commands/tick/gate-document.ts';
import { requestWaitsInBeads } from '../../src/commands/tick/look-for-requests.ts';
import { lookAround } from '../../src/commands/tick/sight.ts';
import { readClock } from '../../src/observe/clock.ts';
import { readEvents } from '../../src/persist/events.ts';
import { lookForRequests } from '../../src/store/beads/look.ts';
import { beadsOf } from '../../src/store/beads/open.ts';
import { layout } from '../../src/town/layout.ts';
import { asked } from './asked.ts';
import { bareTown } from './told.ts';

const start = Date.parse('2026-03-01T12:00:00Z');

describe('a look at the town’s beads between two heartbeats', () => {
  let town: string;
  beforeEach(() => {
    town = bareTown();
    for (const dir of ['.beads', 'bin']) mkdirSync(join(town, dir));
    writeFileSync(join(town, '.beads/last-touched'), 'hq-1');
    const due = { passStartedAt: start, dueAt: start + 300_000, everyMs: 60_000, boot: null, tiers: [] };
    const touched = { file: join(town, '.beads/last-touched'), stamp: 1 };
    writeFileSync(join(town, 'daemon/due.json'), JSON.stringify(dueDocument(due, 300_000, touched)));
  });
  afterEach(() => rmSync(town, { recursive: true, force: true }));

  /** `bd` as far as it is asked here; `list` is what it does when it lists. */
  const program = (list: string, before = ''): void =>
    writeFileSync(
      join(town, 'bin/bd'),
      `#!/bin/sh
echo "$*" >> ${town}/calls
${before}
case "$*" in
  version) echo 'bd version 0.47.1 (dev)';;
  *--help) echo ' --no-daemon --limit --json ';;
  *) ${list};;
esac
`,
      { mode: 0o755 },
    );
  const prints = (...issues: readonly object[]): void => {
    writeFileSync(join(town, 'listed'), JSON.stringify(issues));
    program(`cat ${town}/listed`);
  };
  const env = () => ({ PATH: `${town}/bin:/usr/bin:/bin` });
  const look = () => requestWaitsInBeads(layout(town), asked(town, { env: env() }));
  const touched = () => JSON.parse(readFileSync(join(town, 'daemon/due.json'), 'utf8')).touched;
  const events = () => readEvents(layout(town), 10).events;
  const calls = () =>
    existsSync(join(town, 'calls')) ? readFileSync(join(town, 'calls'), 'utf8').trim().split('\n') : [];
  const issue = (more: object) => ({
    id: 'hq-1',
    title: 'LIFECYCLE: deacon requesting cycle',
    status: 'open',
    issue_type: 'message',
    assignee: 'deacon/',
    ...more,
  });

  it.each([
    ['the earlier form', {}],
    ['the later form', { issue_type: 'task', labels: ['gt:message'] }],
    ['word of a polecat', { title: 'POLECAT_STARTED proj/slit' }],
  ])('finds a request and looks for it again: %s', async (_, more) => {
    prints(issue(more));
    expect(await look()).toBe(true);
    expect(touched().stamp).toBe(-1);
    expect(calls().filter((call) => call.includes('list --json'))).toEqual([
      '--no-daemon list --json --limit 0',
    ]);
  });

  it.each([
    ['mail', { title: 'Hello' }],
    ['a timer', { title: 'TIMER: later' }],
    ['somebody else’s', { assignee: 'mayor/' }],
  ])('goes on where nothing is for the keeper: %s', async (_, more) => {
    prints(issue(more));
    expect(await look()).toBe(false);
    expect(touched().stamp).toBeGreaterThan(1);
  });

  it('that fails is tried three times, with one word about it, then nothing is watched', async () => {
    program('echo "Error: database is locked" >&2; exit 1');
    for (const failed of [1, 2]) {
      expect(await look()).toBe(false);
      expect(touched()).toMatchObject({ stamp: 1, failed });
    }
    expect(await look()).toBe(false);
    expect(touched()).toBeUndefined();
    expect(events()).toMatchObject([
      { kind: 'look-failed', text: expect.stringContaining('database is locked') },
    ]);
  });

  it('that succeeds after one that failed begins to count anew', async () => {
    program('exit 1');
    await look();
    prints();
    await look();
    expect(touched().failed).toBeUndefined();
  });

  it('is none where the town’s store is in files: bd is not asked, and not watched any more', async () => {
    writeFileSync(join(town, 'settings/config.json'), '{"store":"files"}');
    prints(issue({}));
    expect(await look()).toBe(false);
    expect(touched()).toBeUndefined();
    expect(calls()).toEqual([]);
  });

  it('has one time for all that bd is asked', async () => {
    program('echo []', 'sleep 0.4');
    const { PATH } = env();
    const beads = beadsOf(town, { now: () => start, env: env(), path: PATH.split(':') });
    expect(await lookForRequests(beads, 700)).toMatchObject({ known: false });
    expect(await lookForRequests(beads, 10_000)).toMatchObject({ known: true });
  });

  it('leaves no listing behind when the state cannot be read meanwhile', async () => {
    program(`sleep 0.5; touch ${town}/done; echo []`);
    const at = layout(town);
    const now = readClock({ env: {} }, at);
    const broken = () => {
      throw new Error('no state');
    };
    await expect(lookAround(at, now, broken, asked(town, { env: env() }))).rejects.toThrow('no state');
    expect(existsSync(join(town, 'done'))).toBe(true);
  });
});
