import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFiles } from '../../src/store/files/open.ts';
import { gt, rigTown, type Told } from './told.ts';

const toast = 'proj/polecats/toast';
let town: string;
beforeEach(() => {
  town = rigTown('witness', 'polecats/toast');
});
afterEach(() => rmSync(town, { recursive: true, force: true }));

const done = (...args: string[]): Promise<Told> => gt(town, ['done', ...args], { env: { GT_ROLE: toast } });

const json = async (...args: string[]): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse((await gt(town, [...args, '--json'])).out);
const waiting = async (): Promise<readonly unknown[]> => {
  const { waiting: requests } = await json('lifecycle', 'list');
  return Array.isArray(requests) ? requests : [];
};
const reports = async (): Promise<number> =>
  Object.keys(JSON.parse((await gt(town, ['mail', 'inbox', 'proj/witness', '--json'])).out)).length;

async function hooked(title: string): Promise<string> {
  const { id } = await json('work', 'add', title);
  await openFiles(town, { now: Date.now }).work.hook(String(id), toast);
  return String(id);
}

const work = (): Promise<string> => gt(town, ['work', 'list', '--json']).then(({ out }) => out);

describe('gt done --exit', () => {
  it('is refused to whoever only stands in an agent’s directory, before anything is written', async () => {
    await hooked('mend the build');
    const before = await work();
    for (const env of [{}, { GT_ROLE: 'polecat' }]) {
      const said = await gt(join(town, toast), ['done', '--exit'], { env });
      expect(said).toMatchObject({ exit: 64, err: expect.stringContaining(`Only ${toast} itself`) });
    }
    expect(await work()).toBe(before);
    expect(await waiting()).toEqual([]);
    expect(await reports()).toBe(0);
    expect((await gt(join(town, toast), ['done'])).exit).toBe(0);
  });

  it('is finished by running it again: the end is asked for, the witness told once, the record kept', async () => {
    const id = await hooked('mend the build');
    expect((await done('--status', 'ESCALATED')).exit).toBe(0);
    for (const again of [['--exit'], ['--exit', '--issue', id]]) {
      const told = JSON.parse((await done(...again, '--json')).out);
      expect(told).toMatchObject({ agent: toast, work: [], mail: null });
      expect(await waiting()).toContainEqual(
        expect.objectContaining({ id: told.request, action: 'shutdown' }),
      );
    }
    expect(await reports()).toBe(1);
    const record = await openFiles(town, { now: Date.now }).agents.get(toast);
    expect(record).toMatchObject({ value: { state: 'stuck' } });
    expect((await done('--exit', '--issue', '')).exit).toBe(64);
    expect((await done()).exit).toBe(1);
  });

  it('is refused while other work stays on the hook, and nothing is ended', async () => {
    const [first, second] = [await hooked('one'), await hooked('two')];
    const before = await work();
    expect(await done('--issue', first, '--exit')).toMatchObject({
      exit: 1,
      err: expect.stringContaining(`${second} would stay on the hook`),
    });
    expect(await work()).toBe(before);
    expect(await waiting()).toEqual([]);
    expect(new Set(JSON.parse((await done('--exit', '--json')).out).work)).toEqual(new Set([first, second]));
    expect(await waiting()).toHaveLength(1);
  });

  it('tells the request in its document, and null where none was made', async () => {
    await hooked('one');
    expect(JSON.parse((await done('--json')).out).request).toBeNull();
    await hooked('two');
    const { request } = JSON.parse((await done('--exit', '--json')).out);
    expect(await waiting()).toMatchObject([{ id: request }]);
  });
});
