import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { refreshLauncher } from '../../src/act/launcher.ts';
import { layout } from '../../src/town/layout.ts';
import { scratch } from '../town/scratch.ts';

let root: string;
beforeEach(() => {
  root = join(scratch(), "o'bin ");
  mkdirSync(join(root, 'daemon'), { recursive: true });
  writeFileSync(
    join(root, 'program.js'),
    'console.log(JSON.stringify([process.argv.slice(2), process.env.NODE_OPTIONS]))',
  );
});

const own = (file = 'program.js') => ({ node: process.execPath, file: join(root, file) });
const run = (path: string, env: Record<string, string> = {}): string =>
  execFileSync(path, ['a b', "it's", '$HOME'], {
    encoding: 'utf8',
    env: { PATH: `${layout(root).binDir}:/usr/bin:/bin`, ...env },
  });

describe('the town’s own gt', () => {
  it('runs the program that starts the agents, word for word, wherever the path leads', () => {
    expect(refreshLauncher(layout(root), own())).toBeNull();
    const said = run(join(root, 'daemon/bin/gt'), { NODE_OPTIONS: '--no-such-option' });
    expect(JSON.parse(said)).toEqual([['a b', "it's", '$HOME'], '']);
  });

  it('is written only when it differs', () => {
    refreshLauncher(layout(root), own());
    const path = join(root, 'daemon/bin/gt');
    const before = statSync(path).ino;
    refreshLauncher(layout(root), own());
    expect(statSync(path).ino).toBe(before);
    refreshLauncher(layout(root), own('other.js'));
    expect(readFileSync(path, 'utf8')).toContain('other.js');
  });

  it('gives way to the next gt on the path when its program is gone', () => {
    refreshLauncher(layout(root), own('gone.js'));
    const next = join(root, 'next');
    mkdirSync(next);
    writeFileSync(join(next, 'gt'), '#!/bin/sh\necho next "$1"\n');
    chmodSync(join(next, 'gt'), 0o755);
    const said = run(join(root, 'daemon/bin/gt'), {
      PATH: `${layout(root).binDir}:${next}:/usr/bin:/bin`,
    });
    expect(said).toBe('next a b\n');
  });

  it('leaves itself out wherever it stands on the path', () => {
    refreshLauncher(layout(root), own('gone.js'));
    const next = join(root, 'next');
    mkdirSync(next);
    writeFileSync(join(next, 'gt'), '#!/bin/sh\necho "$PATH"\n');
    chmodSync(join(next, 'gt'), 0o755);
    const { binDir } = layout(root);
    const path = `/first::${binDir}:/usr/bin:${binDir}/:${next}:${binDir}:/bin:`;
    expect(run(`${binDir}/gt`, { PATH: path })).toBe(`/first::/usr/bin:${next}:/bin:\n`);
  });

  it.each(['absent', 'itself'])('ends with 127 and words where the next gt is %s', (next) => {
    refreshLauncher(layout(root), own('gone.js'));
    const { binDir } = layout(root);
    symlinkSync(binDir, join(root, 'other-name'));
    const path = `/usr/bin:/bin:${binDir}${next === 'itself' ? `:${root}/other-name` : ''}`;
    const ran = spawnSync(`${binDir}/gt`, ['version'], {
      env: { PATH: path },
      encoding: 'utf8',
      timeout: 10_000,
    });
    expect(ran.status).toBe(127);
    expect(ran.stderr).toContain('gone.js is gone, and no other gt is on the path');
  });

  it('is not worth a start: a sentence says when it cannot be written', () => {
    writeFileSync(join(root, 'daemon/bin'), '');
    expect(refreshLauncher(layout(root), own())).toMatch(/could not be written/);
  });
});
