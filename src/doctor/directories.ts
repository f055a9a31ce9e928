import { statSync } from 'node:fs';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined } from './finding.ts';

/** The directories of every town, and the rights they are made with. */
const needed = { mayor: 0o755, deacon: 0o755, daemon: 0o700, settings: 0o700 } as const;

/** How a directory was found. */
export interface Place {
  readonly path: string;
  readonly mode: number;
  readonly is: 'directory' | 'missing' | 'something-else';
}

export const examineDirectories: Examine = ({ layout: { root } }) =>
  judgeDirectories(
    Object.entries(needed).map(([name, mode]) => ({
      path: `${root}/${name}`,
      mode,
      is: kindOf(`${root}/${name}`),
    })),
    root,
  );

export function judgeDirectories(places: readonly Place[], town: string): Examined {
  const findings = places
    .filter(({ is }) => is !== 'directory')
    .map(({ path, mode, is }) =>
      is === 'missing'
        ? {
            code: 'directory-missing',
            message: `${path} is missing.`,
            since: null,
            remedy: `gt install ${shellWord(town)}`,
            repairs: [{ kind: 'directory' as const, path, mode }],
          }
        : {
            code: 'directory-not',
            message: `${path} is no directory.`,
            since: null,
            remedy: `ls -ld ${shellWord(path)}`,
          },
    );
  return { name: 'directories', saw: `${places.length - findings.length} of ${places.length}`, findings };
}

function kindOf(path: string): Place['is'] {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'something-else';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
      ? 'missing'
      : 'something-else';
  }
}
