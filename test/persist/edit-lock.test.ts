import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as lockfile from 'lockfile';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withEditLock } from '../../src/persist/edit-lock.ts';
import { readJson, writeJson } from '../../src/persist/json.ts';
import { processTable } from '../../src/persist/process-identity.ts';
import { bundle } from '../rig/bundle.ts';
import { cleanEnv } from '../rig/clean-env.ts';
import { scratch } from '../town/scratch.ts';

const options = { since: '2026-11-21T07:25:00Z', command: 'gt rig add' };
let editor: string;
let directory: string;
let path: string;

beforeAll(async () => {
  editor = await bundle(new URL('editor.ts', import.meta.url), scratch());
});
beforeEach(() => {
  directory = scratch();
  path = join(directory, 'rigs.json');
});

/** An editor process that adds one to the file's number `times` times; resolves with its exit status or signal. */
async function edit(times: number, fault = ''): Promise<number | NodeJS.Signals> {
  const child = spawn(process.execPath, [editor, path, String(times)], {
    env: cleanEnv({ GT_FAULT: fault }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [status, signal] = await once(child, 'exit');
  return status ?? signal;
}

describe('the lock of a shared file', () => {
  it('lets one edit at a time through, and no edit is lost', { timeout: 60_000 }, async () => {
    writeJson(path, 0);
    expect(await Promise.all(Array.from({ length: 6 }, () => edit(10)))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(readJson(path)).toMatchObject({ value: 60 });
    expect(readdirSync(directory)).toEqual(['rigs.json']);
  });

  it.each(['edit.locked', 'json.before-rename', 'edit.before-unlock'])(
    'left by an editor killed at %s gives way, and no edit of the others is lost',
    { timeout: 60_000 },
    async (point) => {
      writeJson(path, 0);
      expect(await edit(1, `${point}:1:kill`)).toBe('SIGKILL');
      expect(readdirSync(directory)).toContain('rigs.json.lock');
      expect(await Promise.all([edit(2), edit(2), edit(2), edit(2)])).toEqual([0, 0, 0, 0]);
      expect(readJson(path)).toMatchObject({ value: point === 'edit.before-unlock' ? 9 : 8 });
      expect(readdirSync(directory)).not.toContain('rigs.json.lock');
    },
  );

  it('that names nobody gives way only after half a minute', { timeout: 20_000 }, async () => {
    writeFileSync(`${path}.lock`, '');
    await expect(withEditLock(path, options, () => 1)).rejects.toMatchObject({ code: 'edit-busy', exit: 75 });
  });

  it('of a living editor is waited for, then named', { timeout: 20_000 }, async () => {
    const owner = { ...processTable().self, token: '0123456789ab', user: 'ana', ...options };
    writeFileSync(`${path}.lock`, JSON.stringify(owner));
    utimesSync(`${path}.lock`, 1, 1);
    const edit = withEditLock(path, options, () => 1);
    await expect(edit).rejects.toMatchObject({
      code: 'edit-busy',
      exit: 75,
      message: expect.stringContaining(`gt rig add of ana (pid ${process.pid})`),
    });
  });

  it('is released when the edit fails', async () => {
    const failing = withEditLock(path, options, () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('that was broken under us lets us save nothing, and we leave the other one theirs', async () => {
    writeJson(path, 1);
    const edit = withEditLock(path, options, (guard) => {
      lockfile.unlockSync(`${path}.lock`);
      writeFileSync(`${path}.lock`, 'theirs');
      writeJson(path, 2, { onlyIf: guard.unchanged });
    });
    await expect(edit).rejects.toMatchObject({ code: 'changed-meanwhile', exit: 75 });
    expect(readJson(path)).toMatchObject({ value: 1 });
    expect(readdirSync(directory)).toEqual(['rigs.json', 'rigs.json.lock']);
  });

  it('does not let us save over what somebody without the lock wrote meanwhile', async () => {
    writeJson(path, 1);
    const edit = withEditLock(path, options, (guard) => {
      writeFileSync(path, '5');
      writeJson(path, 2, { onlyIf: guard.unchanged });
    });
    await expect(edit).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect(readJson(path)).toMatchObject({ value: 5 });
  });
});
