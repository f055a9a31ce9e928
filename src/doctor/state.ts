import { statSync } from 'node:fs';
import { failureOf } from '../exit.ts';
import { counted } from '../model/counted.ts';
import { readJson } from '../persist/json.ts';
import { loadState } from '../persist/state.ts';
import { parseStateDocument } from '../persist/state-file.ts';
import { shellWord } from '../town/shell-word.ts';
import { type Examine, type Examined, type Finding, momentOf } from './finding.ts';

export interface StateSeen {
  /** What is wrong with the state, as loading it said; `code` is a slug. */
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly kind: 'ok' | 'first' | 'recovered' | 'unusable';
  readonly passes: number;
  /** How the backup reads: `absent`, `ok`, or why it cannot be used. */
  readonly backup: 'absent' | 'ok' | string;
  /** Milliseconds since 1970: when the state was written. */
  readonly written: number | null;
}

export const examineState: Examine = ({ layout }) => {
  const { stateFile: file } = layout;
  const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
  const backup = backupOf(file);
  try {
    const { kind, state, warnings } = loadState(layout, { look: true });
    return judgeState({ kind, warnings, passes: state.heartbeatCount, backup, written }, file, layout.root);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    return judgeState(
      { kind: 'unusable', warnings: [failure], passes: 0, backup, written },
      file,
      layout.root,
    );
  }
};

/** What the town remembers, and the copy that stands in for it. */
export function judgeState(
  { kind, warnings, passes, backup, written }: StateSeen,
  file: string,
  town: string,
): Examined {
  const since = momentOf(written);
  const remedy =
    kind === 'unusable' ? `ls -l ${shellWord(file)}` : `gt tick --force --town ${shellWord(town)}`;
  const findings: Finding[] = warnings.map(({ code, message }) => ({ code, message, since, remedy }));
  if (kind === 'ok' && backup !== 'ok' && (backup !== 'absent' || passes > 1)) {
    const how = backup === 'absent' ? 'is missing' : backup;
    const message = `${file}.bak, which would stand in for a damaged state, ${how}. The next pass makes it anew.`;
    findings.push({ code: 'state-no-backup', message, since: null, remedy });
  }
  const saw = {
    ok: `${counted(passes, 'pass', 'passes')}, last saved ${since ?? 'at an unknown time'}`,
    first: 'none yet',
    recovered: 'damaged',
    unusable: 'cannot be used',
  }[kind];
  return { name: 'state', saw, findings };
}

function backupOf(file: string): string {
  const read = readJson(`${file}.bak`);
  if (read.kind === 'absent') return 'absent';
  if (read.kind === 'unreadable') return `cannot be read: ${read.message}`;
  if (read.kind === 'invalid') return read.reason;
  const document = parseStateDocument(read.value);
  if (document.kind === 'newer') return 'was written by a newer gt';
  return document.kind === 'ok' ? 'ok' : document.reason;
}
