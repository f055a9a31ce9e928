import { lstatSync, readdirSync } from 'node:fs';
import { counted } from '../model/counted.ts';
import { leftoversIn } from '../persist/leftovers.ts';
import { shellWord } from '../town/shell-word.ts';
import { type Examine, type Examined, type Finding, momentOf } from './finding.ts';

/** A directory in which something lies about. Times in milliseconds since 1970. */
export interface Heap {
  readonly directory: string;
  readonly count: number;
  readonly oldest: number;
}

export const examineLeftovers: Examine = ({ layout, now }) => {
  const { root, daemonDir, passesDir, settingsFile, quarantineDir } = layout;
  const settingsDir = settingsFile.slice(0, settingsFile.lastIndexOf('/'));
  const swept = [daemonDir, passesDir, `${daemonDir}/nudge`, settingsDir, `${root}/mayor`, `${root}/deacon`];
  return judgeLeftovers(
    swept.flatMap((directory) => heapOf(directory, leftoversIn(directory, now))),
    heapOf(quarantineDir, filesIn(quarantineDir))[0] ?? null,
    heapOf(`${daemonDir}/reports`, filesIn(`${daemonDir}/reports`))[0] ?? null,
    root,
  );
};

/** What killed writers left, what was moved aside because it was damaged, and reports of bugs that nobody has read. */
export function judgeLeftovers(
  swept: readonly Heap[],
  quarantined: Heap | null,
  reports: Heap | null,
  town: string,
): Examined {
  const findings = swept.map(
    ({ directory, count, oldest }): Finding => ({
      code: 'leftovers',
      message: `${counted(count, 'file')} of killed writers in ${directory}.`,
      since: momentOf(oldest),
      remedy: `gt doctor --fix --town ${shellWord(town)}`,
      repairs: [{ kind: 'sweep', directory }],
    }),
  );
  const heap = (code: string, what: string, found: Heap | null): readonly Finding[] =>
    found === null
      ? []
      : [
          {
            code,
            message: `${counted(found.count, what)} in ${found.directory}: look at them, then remove them.`,
            since: momentOf(found.oldest),
            remedy: `ls -l ${shellWord(found.directory)}`,
          },
        ];
  const aside = [
    ...heap('quarantined', 'damaged file', quarantined),
    ...heap('bug-reports', 'bug report', reports),
  ];
  const all = [...findings, ...aside];
  return {
    name: 'leftovers',
    saw: all.length === 0 ? 'none' : `in ${counted(all.length, 'place')}`,
    findings: all,
  };
}

function heapOf(directory: string, paths: readonly string[]): readonly Heap[] {
  const times = paths.flatMap((path) => lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? []);
  return times.length === 0 ? [] : [{ directory, count: times.length, oldest: Math.min(...times) }];
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).map((name) => `${directory}/${name}`);
  } catch {
    return [];
  }
}
