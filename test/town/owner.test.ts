import { chownSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findTown } from '../../src/town/find.ts';
import { nameOfUser } from '../../src/town/owner.ts';
import { gt } from '../commands/told.ts';
import { townWith } from './scratch.ts';

const isRoot = process.getuid?.() === 0;
const skipped = isRoot ? '' : ' (SKIPPED: only root can be told from the owner of a town)';

describe.skipIf(!isRoot)(`root in another user's town${skipped}`, () => {
  const foreign = () => {
    const { root } = townWith();
    chownSync(root, 65534, 65534);
    return root;
  };

  it('is refused with 77, and told whose town it is and how to look at it', () => {
    const town = foreign();
    expect(() => findTown({ town, env: {}, cwd: '/' })).toThrow(
      expect.objectContaining({
        code: 'not-your-town',
        exit: 77,
        message: expect.stringContaining(`belongs to ${nameOfUser(65534)}`),
        hint: `sudo -u ${nameOfUser(65534)} gt status --town ${town}`,
      }),
    );
  });

  it('may look: what only reads works as for its owner', async () => {
    const town = foreign();
    for (const words of [['due'], ['status'], ['config', 'validate'], ['rig', 'list'], ['mail', 'inbox']])
      expect((await gt(town, [...words, '--town', town])).err).not.toContain('belongs to');
  });

  it('changes nothing, whatever it is asked to', async () => {
    const town = foreign();
    const before = readFileSync(`${town}/mayor/rigs.json`, 'utf8');
    for (const words of [
      ['tick', '--force'],
      ['rig', 'add', 'x'],
      ['doctor', '--fix'],
      ['mail', 'send', 'mayor/', '-s', 'x', '-m', 'y'],
    ])
      expect(await gt(town, [...words, '--town', town])).toMatchObject({ exit: 77, out: '' });
    expect(readFileSync(`${town}/mayor/rigs.json`, 'utf8')).toBe(before);
  });
});

describe('the name of a user', () => {
  it('is the one of the user database, and none for an id that it does not know', () => {
    expect(nameOfUser(0)).toBe('root');
    expect(nameOfUser(4_000_000)).toBeNull();
  });
});
