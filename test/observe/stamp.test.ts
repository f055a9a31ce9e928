import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readActivity } from '../../src/observe/activity.ts';
import { signsOf } from '../../src/observe/signs.ts';
import { parseInstant, readStamp } from '../../src/observe/stamp.ts';
import { rigAgent, townAgent } from '../../src/town/identity.ts';
import { layout } from '../../src/town/layout.ts';

const dir = mkdtempSync(join(tmpdir(), 'gt-stamp-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let count = 0;
function file(content: string | Buffer): string {
  count += 1;
  const path = join(dir, `stamp-${count}.json`);
  writeFileSync(path, content);
  return path;
}

const unknown = { known: false, reason: expect.any(String) };
const whole = '{\n  "timestamp": "2026-11-21T07:25:34.501883317Z",\n  "cycle": 1,\n  "last_action": "a<b"\n}';

describe('readStamp', () => {
  it('reads what the Go programs write', () => {
    const stamp = Date.UTC(2026, 10, 21, 7, 25, 34, 501);
    expect(readStamp(file(whole))).toEqual({ known: true, value: stamp });
    const local = '{"last_command":"gt mail inbox","timestamp":"2026-11-21T08:25:34.501+01:00"}';
    expect(readStamp(file(local))).toEqual({ known: true, value: stamp });
  });

  it('takes only a missing file and year 1 for "never"', () => {
    expect(readStamp(join(dir, 'absent', 'file'))).toEqual({ known: true, value: null });
    expect(readStamp(file('{"timestamp":"0001-01-01T00:00:00Z"}'))).toEqual({ known: true, value: null });
  });

  it('is unknown for a file cut at any byte, never "never"', () => {
    for (let cut = 0; cut < whole.length; cut += 1) {
      expect(readStamp(file(whole.slice(0, cut))), `cut at ${cut}`).toEqual(unknown);
    }
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '7',
    '"2026-11-21T07:25:34Z"',
    '{"timestamp":null}',
    '{"timestamp":1795245934}',
    '{"timestamp":{}}',
    '{"timestamp":"yesterday"}',
    '{"timestamp":"2026-13-41T07:25:34Z"}',
    '{"timestamp":"2026-11-21"}',
    '{"timestamp":""}',
  ])('is unknown for %j', (content) => {
    expect(readStamp(file(content))).toEqual(unknown);
  });

  it('is unknown for what is no small regular file, without waiting for it', () => {
    expect(readStamp(dir)).toEqual(unknown);
    expect(readStamp(file(Buffer.alloc(10 * 1024 * 1024, 0x20)))).toEqual(unknown);
    const pipe = join(dir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(readStamp(pipe)).toEqual(unknown);
    const nowhere = join(dir, 'nowhere');
    symlinkSync(join(dir, 'missing-target'), nowhere);
    expect(readStamp(nowhere)).toEqual(unknown);
  });

  it('follows a symbolic link to a stamp', () => {
    const link = join(dir, 'link');
    symlinkSync(file('{"timestamp":"2026-01-01T00:00:00Z"}'), link);
    expect(readStamp(link)).toEqual({ known: true, value: Date.UTC(2026, 0, 1) });
  });

  it('gives absurd but readable times as they are: the rules judge them', () => {
    expect(parseInstant('1969-12-31T23:59:59Z')).toEqual({ known: true, value: -1000 });
    expect(parseInstant('9999-12-31T23:59:59Z')).toEqual({
      known: true,
      value: Date.UTC(9999, 11, 31, 23, 59, 59),
    });
  });
});

describe('signs of life', () => {
  const town = layout(join(dir, 'town'));
  const stamp = (path: string, content: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  const at = (minute: number) => `{"timestamp":"2026-01-01T00:0${minute}:00Z"}`;
  const time = (minute: number) => ({ stamp: { known: true, value: Date.UTC(2026, 0, 1, 0, minute) } });

  it('of the deacon are the newer of heartbeat and keepalive; one that cannot be read makes them unknown', () => {
    const deacon = townAgent('deacon');
    expect(signsOf(town, deacon)).toEqual({ stamp: { known: true, value: null } });
    stamp(town.deaconHeartbeatFile, at(2));
    expect(signsOf(town, deacon)).toEqual(time(2));
    const keepalive = `${town.root}/deacon/.runtime/keepalive.json`;
    stamp(keepalive, at(5));
    expect(signsOf(town, deacon)).toEqual(time(5));
    stamp(keepalive, at(1));
    expect(signsOf(town, deacon)).toEqual(time(2));
    stamp(keepalive, '{"timest');
    expect(signsOf(town, deacon)).toEqual({ stamp: unknown });
  });

  it('of others are their own keepalive, not the deacon’s heartbeat', () => {
    expect(signsOf(town, townAgent('mayor'))).toEqual({ stamp: { known: true, value: null } });
    stamp(`${town.root}/.runtime/keepalive.json`, at(3));
    expect(signsOf(town, townAgent('mayor'))).toEqual(time(3));
    stamp(`${town.root}/proj/witness/.runtime/keepalive.json`, at(4));
    expect(signsOf(town, rigAgent('proj', 'witness'))).toEqual(time(4));
  });

  it('say in whose pane the newest was made (F85), and how long somebody means to wait (F60), or nothing of it', () => {
    const other = layout(join(dir, 'other'));
    const deacon = townAgent('deacon');
    const written = (more: object) => `${at(2).slice(0, -1)},${JSON.stringify(more).slice(1)}`;
    stamp(other.deaconHeartbeatFile, written({ await_until: '2026-01-01T00:30:00Z' }));
    stamp(
      `${other.root}/deacon/.runtime/keepalive.json`,
      at(3).replace('}', ',"pane":"%7","tmux_server":77}'),
    );
    const awaits = { since: Date.UTC(2026, 0, 1, 0, 2), until: Date.UTC(2026, 0, 1, 0, 30) };
    expect(signsOf(other, deacon)).toEqual({ ...time(3), pane: { pane: '%7', server: 77 }, awaits });
    for (const odd of [
      { await_until: 'soon', pane: 7, tmux_server: 77 },
      { pane: '%7', tmux_server: 'x' },
      { await_until: null, pane: '%1; kill-server', tmux_server: 77 },
    ]) {
      stamp(other.deaconHeartbeatFile, written(odd));
      stamp(`${other.root}/deacon/.runtime/keepalive.json`, written(odd));
      expect(signsOf(other, deacon)).toEqual(time(2));
    }
  });

  it('of the whole town are in its activity file', () => {
    expect(readActivity(town)).toEqual({ known: true, value: null });
    stamp(town.activityFile, at(6));
    expect(readActivity(town)).toEqual(time(6).stamp);
  });
});
