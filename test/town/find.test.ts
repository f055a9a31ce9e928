import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/exit.ts';
import { findTown } from '../../src/town/find.ts';
import { scratch, townWith, write } from './scratch.ts';

function failure(...given: Parameters<typeof findTown>): Failure {
  try {
    throw new Error(`found ${findTown(...given)}`);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

describe('finding the town', () => {
  it('prefers --town to GT_TOWN_ROOT to GT_ROOT to the directories above', () => {
    const [a, b, c, d] = [townWith().root, townWith().root, townWith().root, townWith().root];
    const env = { GT_TOWN_ROOT: b, GT_ROOT: c };
    expect(findTown({ town: a, env, cwd: d })).toBe(a);
    expect(findTown({ env, cwd: d })).toBe(b);
    expect(findTown({ env: { GT_TOWN_ROOT: '', GT_ROOT: c }, cwd: d })).toBe(c);
    expect(findTown({ env: {}, cwd: d })).toBe(d);
  });

  it('takes --town relative to where the command runs', () => {
    const { root } = townWith();
    expect(findTown({ town: '.', env: {}, cwd: root })).toBe(root);
  });

  it('walks up from deep inside', () => {
    const { root } = townWith();
    mkdirSync(`${root}/proj/crew/max/src`, { recursive: true });
    expect(findTown({ env: {}, cwd: `${root}/proj/crew/max/src` })).toBe(root);
  });

  it('gives one real path for a town reached through links', () => {
    const { root } = townWith();
    const link = `${scratch()}/link`;
    symlinkSync(root, link);
    mkdirSync(`${root}/proj`);
    expect(findTown({ town: link, env: {}, cwd: '/' })).toBe(root);
    expect(findTown({ env: { GT_ROOT: `${link}/` }, cwd: '/' })).toBe(root);
    expect(findTown({ env: {}, cwd: `${link}/proj` })).toBe(root);
  });

  it('does not take a project that has a town of its own for the town its checkout is in', () => {
    const { root } = townWith();
    for (const checkout of ['proj/crew/max', 'proj/mayor/rig', 'proj/polecats/nux']) {
      write(`${root}/${checkout}`, { 'mayor/town.json': {} });
      expect(findTown({ env: {}, cwd: `${root}/${checkout}` })).toBe(root);
    }
  });

  it('takes a town inside a town, which upstream allowed, for itself', () => {
    const { root } = townWith();
    write(`${root}/inner`, { 'mayor/town.json': {} });
    expect(findTown({ env: {}, cwd: `${root}/inner` })).toBe(`${root}/inner`);
  });

  it('says which command makes a town where there is none', () => {
    const dir = scratch();
    mkdirSync(`${dir}/mayor`);
    const found = failure({ env: {}, cwd: dir });
    expect([found.code, found.exit, found.hint]).toEqual(['not-a-town', 78, 'gt install DIR']);
    expect(failure({ town: dir, env: {}, cwd: '/' }).message).toContain(dir);
    expect(failure({ env: { GT_ROOT: `${dir}/gone` }, cwd: dir }).message).toContain('GT_ROOT');
  });

  it('names the town around a directory given as --town', () => {
    const { root } = townWith();
    expect(failure({ town: `${root}/mayor`, env: {}, cwd: '/' }).message).toContain(
      `town around it is ${root}`,
    );
  });

  it('needs no current directory when the town is named, and says so when it does', () => {
    const { root } = townWith();
    const gone = scratch();
    rmSync(gone, { recursive: true });
    expect(findTown({ town: root, env: {}, cwd: '' })).toBe(root);
    expect(findTown({ env: { GT_ROOT: root }, cwd: gone })).toBe(root);
    for (const cwd of ['', gone]) expect(failure({ env: {}, cwd }).message).toContain('no longer exists');
  });

  it('refuses a town whose path tmux could not carry', () => {
    const root = `${scratch()}/a\tb`;
    write(root, { 'mayor/town.json': {} });
    expect(failure({ town: root, env: {}, cwd: '/' }).message).toContain('control character');
  });
});
