import { existsSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '../../persist/io-failure.ts';
import { syncDirectory } from '../../persist/replace-file.ts';
import type { Contents, Retired } from '../contents.ts';
import { filesId } from './contents.ts';
import { directoriesIn, makeDir, moveFile, namesIn } from './disk.ts';
import { encodeName, parseMessageName, parseWorkName } from './names.ts';

/**
 * Puts aside, under names that no `gt` reads, the files of what was moved, with what was closed or damaged already. Whatever
 * else is there stays and is named: it may have come in since. Nothing is removed but directories with nothing in them.
 */
export function retireFiles(root: string, stamp: string, moved: Contents): Retired {
  const ids = {
    mail: new Set(moved.mail.map(({ message }) => filesId(message.id))),
    work: new Set(moved.work.map(({ id }) => filesId(id))),
    agents: new Set(moved.agents.map(({ agent }) => `${encodeName(agent)}.json`)),
  };
  const stay = filesIn(root, ['mail', 'store']).filter((file) => {
    if (!isMoved(file, ids)) return true;
    const [top = '', ...rest] = file.split('/');
    const aside = `${root}/${top}.moved-${stamp}/${rest.join('/')}`;
    makeDir(dirname(aside));
    return !moveFile(`${root}/${file}`, aside);
  });
  for (const top of ['mail', 'store']) removeEmpty(`${root}/${top}`);
  syncDirectory(root);
  const aside = ['mail', 'store']
    .map((top) => `${root}/${top}.moved-${stamp}`)
    .filter((dir) => existsSync(dir));
  return { text: aside.length === 0 ? null : aside.join(', '), stay };
}

interface Ids {
  readonly mail: ReadonlySet<string>;
  readonly work: ReadonlySet<string>;
  readonly agents: ReadonlySet<string>;
}

/** `file`: below the town root. */
function isMoved(file: string, ids: Ids): boolean {
  const [top, box = '', stage = '', name = ''] = file.split('/');
  if (top === 'mail') {
    const id =
      parseMessageName(name)?.id ?? (name.endsWith('.outcome') ? name.slice(0, -'.outcome'.length) : null);
    return stage === 'bad' || (stage !== 'tmp' && id !== null && ids.mail.has(id));
  }
  if (box === 'agents') return ids.agents.has(stage);
  if (box !== 'work') return false;
  return stage === 'closed' || ids.work.has(parseWorkName(name)?.id ?? '');
}

/** Every file below these directories, as paths below the root. */
function filesIn(root: string, below: readonly string[]): readonly string[] {
  return below.flatMap((dir) => {
    const inner = directoriesIn(`${root}/${dir}`);
    const files = namesIn(`${root}/${dir}`).filter((name) => !inner.includes(name));
    const paths = (names: readonly string[]) => names.map((name) => `${dir}/${name}`);
    return [...paths(files), ...filesIn(root, paths(inner))];
  });
}

/** Removes a directory and those in it, as far as nothing is in them. */
function removeEmpty(dir: string): void {
  for (const inner of directoriesIn(dir)) removeEmpty(`${dir}/${inner}`);
  try {
    rmdirSync(dir);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errnoOf(error))) throw error;
  }
}
