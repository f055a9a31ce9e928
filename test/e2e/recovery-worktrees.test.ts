import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Instant } from '../../src/model/instant.ts';
import { readClock } from '../../src/observe/clock.ts';
import { openStore } from '../../src/store/open.ts';
import { clockEnv, type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';
import { everythingIn, git, origin, unsavedWork } from '../rig/work-tree.ts';

/** Work that is not pushed, in the work tree of an agent that the tick ends or starts again: real git, real tmux. */
let town: TestTown;
let clock: Instant;
/** Holds a `git` that notes its calls, and hangs while there is a file `sick` beside it. */
let shim: string;

beforeEach(async () => {
  const made = await testTown(['proj'], '', 'loose');
  shim = join(made.dir, 'shim');
  mkdirSync(shim);
  writeFileSync(
    join(shim, 'git'),
    `#!/bin/sh\necho "$*" >> ${shim}/calls\n[ ! -e ${shim}/sick ] || exec sleep 1000\nPATH=/usr/local/bin:/usr/bin:/bin exec git "$@"\n`,
  );
  chmodSync(join(shim, 'git'), 0o755);
  town = made;
  clock = readClock({ env: {} }, { testMarker: '/nonexistent' });
});
afterEach(() => town.close());

const toast = 'proj/polecats/toast';
const session = 'gt-proj-toast';
const home = () => join(town.root, 'proj/polecats/toast');
const calls = () => (existsSync(join(shim, 'calls')) ? readFileSync(join(shim, 'calls'), 'utf8') : '');

/** A pass at so many minutes of false time. */
const at = (minute: number, args: readonly string[] = []) =>
  town.tick({ ...clockEnv(clock, minute * 60_000), PATH: `${shim}:${town.env.PATH ?? ''}` }, args);

interface Line {
  readonly kind: string;
  readonly agent: string | null;
  readonly pass: string | null;
  readonly text: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}
const events = () =>
  readFileSync(join(town.root, 'daemon/events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line): Line => JSON.parse(line));

/** A polecat at work for an hour, on a branch of its own, with much that is nowhere else. */
async function workingPolecat(): Promise<void> {
  unsavedWork(origin(join(town.dir, 'origin')), home(), 'polecat/toast');
  const store = openStore(town.root, () => Date.now() - 3_600_000);
  const made = await store.work.create({ title: 'a task', description: '', by: 'mayor/', priority: 2 });
  if (!made.known) throw new Error(made.reason);
  await store.work.hook(made.value.id, toast);
  await at(-6);
  await at(0);
  await town.ready(session);
}

async function kill(name: string): Promise<void> {
  const { pid } = town.paneOf(name);
  if (!(pid > 1)) throw new Error(`nobody in ${name}`);
  process.kill(pid, 'SIGKILL');
  await until('tmux to notice', () => town.paneOf(name).dead);
}

describe('F29: the work tree of a polecat that crashed, dirty and ahead of its origin', () => {
  it('is left as it is, and what it held stands in the log before the restart', async () => {
    await workingPolecat();
    const quiet = calls();
    await at(5);
    expect(calls()).toBe(quiet);
    await kill(session);
    const before = everythingIn(home());
    await at(10, ['--dry-run']);
    expect(calls()).toBe(quiet);
    const report = await at(10);
    expect(report.actions.map(({ id, result }) => `${id} ${result}`)).toContain(`recreate:${toast} ok`);
    expect(everythingIn(home())).toEqual(before);

    const story = events().filter(({ agent, pass }) => agent === toast && pass === events().at(-1)?.pass);
    expect(story.map(({ kind }) => kind)).toEqual(['workspace', 'recreate']);
    const head = git(home(), 'rev-parse', 'HEAD');
    const counts = { staged: 1, changed: 1, untracked: 2, unpushed: 2 };
    expect(story[0]?.evidence).toMatchObject({ branch: 'polecat/toast', head, saved: 'no', ...counts });
    const sentence = `on polecat/toast at ${head.slice(0, 12)}; 1 staged, 1 changed, 2 untracked, 2 commits not pushed`;
    expect((await town.gt(['log', 'proj/toast'])).stdout).toContain(`${toast}: its work tree: ${sentence}.`);
    expect((await town.gt(['why', 'proj/toast'])).stdout).toMatch(/^work tree .*: on polecat\/toast at /m);
    const why: { workspace: unknown } = JSON.parse((await town.gt(['why', 'proj/toast', '--json'])).stdout);
    expect(why.workspace).toMatchObject({ evidence: { branch: 'polecat/toast', ...counts } });
    await at(15);
    await at(20);
    expect(everythingIn(home())).toEqual(before);
  });

  it('is unknown when git hangs, and the polecat is back all the same', async () => {
    await workingPolecat();
    await kill(session);
    const before = everythingIn(home());
    writeFileSync(join(shim, 'sick'), '');
    const report = await at(10);
    expect(report.actions.map(({ id, result }) => `${id} ${result}`)).toContain(`recreate:${toast} ok`);
    expect(town.paneOf(session).dead).toBe(false);
    expect(events().findLast(({ kind }) => kind === 'workspace')).toMatchObject({
      agent: toast,
      text: expect.stringMatching(
        /^its work tree cannot be looked at: git status did not answer within \d+ ms$/,
      ),
      evidence: { saved: 'unknown' },
    });
    rmSync(join(shim, 'sick'));
    expect(everythingIn(home())).toEqual(before);
  });
});
