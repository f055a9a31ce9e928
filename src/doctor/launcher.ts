import { readFileSync, statSync } from 'node:fs';
import { isProgram } from '../run.ts';
import { shellWord } from '../town/shell-word.ts';
import { splitWords } from '../town/split-words.ts';
import { type Examine, type Examined, momentOf } from './finding.ts';

/** The programs that the town's own `gt` leads to, and whether they are still there. */
export interface LauncherSeen {
  readonly file: string;
  readonly written: number;
  readonly gone: readonly string[];
}

export const examineLauncher: Examine = ({ layout }) => {
  const file = `${layout.binDir}/gt`;
  try {
    const exec = /^ *(?:\w+= )*exec (.*) "\$@"$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    const split = splitWords(exec);
    const [node, gt] = split.kind === 'refused' ? [] : split.words;
    const gone = [
      ...(node !== undefined && !isProgram(node) ? [node] : []),
      ...(gt !== undefined && !isFile(gt) ? [gt] : []),
    ];
    return judgeLauncher({ file, written: statSync(file).mtimeMs, gone }, layout.root);
  } catch {
    return judgeLauncher(null, layout.root);
  }
};

/** Agents call the `gt` that started them; it, or its Node, may have been removed since (F82). */
export function judgeLauncher(seen: LauncherSeen | null, town: string): Examined {
  if (seen === null) return { name: 'launcher', saw: 'none yet', findings: [] };
  const { file, written, gone } = seen;
  const message = `${file}, the gt of the town's agents, leads to ${gone.join(' and ')}, which is gone. They fall back on any other gt of their search path.`;
  const remedy = `gt tick --force --town ${shellWord(town)}`;
  return {
    name: 'launcher',
    saw: file,
    findings:
      gone.length === 0 ? [] : [{ code: 'launcher-stale', message, since: momentOf(written), remedy }],
  };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
