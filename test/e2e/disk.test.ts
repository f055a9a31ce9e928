import { execFileSync } from 'node:child_process';
import {
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadState } from '../../src/persist/state.ts';
import { layout } from '../../src/town/layout.ts';
import { clockFrom, deeds, killAgent, linesHeard, minutes, stampDeacon } from '../rig/faulted.ts';
import { clockEnv, type TestTown, testTown } from '../rig/town.ts';

const page = 4096;
/** So many that the state takes several pages. */
const rigs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const sessions = ['gt-deacon', ...rigs.map((rig) => `gt-${rig}-witness`)];
const canMount = process.getuid?.() === 0 && mountWorks();

/** The town's `daemon/` is a small file system of its own; what fills it is a file of ours. */
describe.skipIf(!canMount)('a town whose disk is full (skipped: needs root to mount a small tmpfs)', () => {
  const base = clockFrom();
  let town: TestTown;
  let minute = 0;
  let daemon: string;

  beforeAll(async () => {
    town = await testTown(rigs);
    daemon = join(town.root, 'daemon');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', daemon]);
    writeFileSync(join(daemon, 'test-town'), '');
    // Five agents start in one pass, four in the next.
    for (let pass = 0; pass < 2; pass += 1) expect((await tick()).status).toBe(0);
    expect(statSync(layout(town.root).stateFile).size).toBeGreaterThan(page);
    await town.ready(...sessions);
    stampDeacon(town, base.wall);
  });
  afterAll(async () => {
    execFileSync('umount', [daemon]);
    await town.close();
  });

  const clock = () => clockEnv(base, minutes(minute));
  const tick = () => town.tick(clock());
  const state = () => loadState(layout(town.root), { look: true });
  const filler = () => join(daemon, 'filler');

  /** Leaves so many pages free; tmpfs gives and takes whole pages. */
  function leave(pages: number): void {
    writeFileSync(filler(), '');
    const { bfree } = statfsSync(daemon);
    writeFileSync(filler(), Buffer.alloc((bfree - pages) * page));
    expect(statfsSync(daemon).bfree).toBe(pages);
  }

  function makeRoom(): void {
    rmSync(filler(), { force: true });
  }

  it('never loses its state nor starts what it cannot record, however little room is left', async () => {
    const seen: string[] = [];
    await killAgent(town, 'gt-a-witness');
    for (let pages = 0; !seen.includes('0 started'); pages += 1) {
      minute += 1;
      leave(pages);
      const before = readFileSync(layout(town.root).stateFile, 'utf8');
      const { generation } = JSON.parse(before);
      const ended = await town.gt(['tick', '--force'], clock());
      const loaded = state();
      expect([loaded.kind, loaded.careful, loaded.warnings], `${pages} pages`).toEqual(['ok', false, []]);
      expect(loaded.kept.generation).toBeGreaterThanOrEqual(generation);
      const { pane, pid, dead } = town.paneOf('gt-a-witness');
      seen.push(`${ended.status} ${dead ? 'left' : 'started'}`);
      if (dead) {
        expect([ended.status, readFileSync(layout(town.root).stateFile, 'utf8')]).toEqual([74, before]);
        expect(ended.stderr).toMatch(/not saved|no space/);
      } else {
        const { started } = loaded.state.agents['a/witness'] ?? {};
        const intended = loaded.state.intent?.actions.map(({ id }) => id) ?? [];
        expect(
          started?.pane === pane && (started.panePid === pid || intended.includes('recreate:a/witness')),
        ).toBe(true);
        if (ended.status !== 0) await killAgent(town, 'gt-a-witness');
      }
      expect(readdirSync(daemon).filter((name) => /\.next-|tick\.lock/.test(name))).toEqual([]);
      expect(pages).toBeLessThan(40);
    }
    // No room for the lock, none for the state, room for a part of it: the case that tears a file.
    expect(seen[0]).toBe('74 left');
    expect(seen.filter((one) => one === '74 left').length).toBeGreaterThan(2);
    makeRoom();
    minute += 1;
    expect(deeds(await tick())).toEqual([]);
  });

  it('and is completely so, still looks, does nothing, says why, and goes on by itself when there is room (F76)', async () => {
    await killAgent(town, 'gt-b-witness');
    leave(0);
    minute += 30;
    const panes = town.livePanes();
    const heard = linesHeard(town, 'gt-deacon').length;
    for (let again = 0; again < 3; again += 1) {
      const ended = await town.gt(['tick', '--force'], clock());
      expect(ended.status).toBe(74);
      expect(ended.stderr).toContain('no space');
    }
    expect(town.livePanes()).toEqual(panes);
    expect(linesHeard(town, 'gt-deacon')).toHaveLength(heard);
    const planned = await town.tick(clock(), ['--dry-run']);
    expect(planned.actions.map(({ id }) => id)).toContain('recreate:b/witness');
    const status = await town.gt(['status'], clock());
    expect(status.stdout).toContain('b/witness');
    makeRoom();
    const next = await tick();
    expect(next.status).toBe(0);
    expect(deeds(next)).toContain('recreate:b/witness pane-dead ok');
    expect((await tick()).actions).toEqual([]);
  });

  it('tears a log line at most, and the next one is whole', async () => {
    const events = layout(town.root).eventsFile;
    makeRoom();
    minute += 1;
    await killAgent(town, 'gt-c-witness');
    truncateSync(events, readFileSync(events).length - 5);
    expect((await tick()).status).toBe(0);
    const lines = readFileSync(events, 'utf8').trimEnd().split('\n');
    const torn = lines.filter((line) => !isJson(line));
    expect(torn).toHaveLength(1);
    expect(isJson(lines.at(-1) ?? '')).toBe(true);
  });

  it('and is read-only, does nothing, says so with 74, and goes on when it can be written again', async () => {
    await killAgent(town, 'gt-a-witness');
    minute += 1;
    const before = readFileSync(layout(town.root).stateFile, 'utf8');
    execFileSync('mount', ['-o', 'remount,ro', daemon]);
    try {
      const ended = await town.gt(['tick', '--force'], clock());
      expect(ended.status).toBe(74);
      expect(ended.stderr).toContain('read-only');
      expect(town.paneOf('gt-a-witness').dead).toBe(true);
      expect((await town.gt(['status'], clock())).stdout).toContain('a/witness');
    } finally {
      execFileSync('mount', ['-o', 'remount,rw', daemon]);
    }
    expect(readFileSync(layout(town.root).stateFile, 'utf8')).toBe(before);
    expect(deeds(await tick())).toEqual(['recreate:a/witness pane-dead ok']);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Root in a container may still not be allowed to mount. */
function mountWorks(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
