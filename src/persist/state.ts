import { exitStatus, Failure } from '../exit.ts';
import type { Warning } from '../model/snapshot.ts';
import { firstState, type State } from '../model/state.ts';
import type { Layout } from '../town/layout.ts';
import { notRead } from './io-failure.ts';
import { readJson, writeJson } from './json.ts';
import { quarantine } from './quarantine.ts';
import {
  type Kept,
  nothingKept,
  parseStateDocument,
  type StateDocument,
  stateDocument,
  stateVersion,
} from './state-file.ts';

export interface LoadedState {
  /** `first`: there never was one. `recovered`: the state was damaged, this is its backup or, failing that, a new one. */
  readonly kind: 'ok' | 'first' | 'recovered';
  readonly state: State;
  /** For one pass: kill nothing and nudge nobody, since what we remember may be old. */
  readonly careful: boolean;
  readonly warnings: readonly Warning[];
  /** Hand it to {@link saveState}. */
  readonly kept: Kept;
}

type Version =
  | { readonly kind: 'absent' }
  | Extract<StateDocument, { kind: 'ok' }>
  | { readonly kind: 'damaged'; readonly reason: string };

/**
 * Loads `daemon/state.json` (design: state). A damaged file is moved to the quarantine and its backup taken; only a missing one,
 * with no backup either, is a first time. A file that cannot be read, or that a newer `gt` wrote, is left alone and
 * fails: exit 77 or 74, and 78 for a newer one, since nothing is broken but the wrong program is installed here.
 * With `look: true` nothing is moved: for a dry run and for commands that only show.
 */
export function loadState(layout: Layout, { look = false }: { readonly look?: boolean } = {}): LoadedState {
  const path = layout.stateFile;
  const found = readVersion(path);
  if (found.kind === 'ok') {
    const { state, kept, origin } = found;
    return { kind: 'ok', state, kept, ...trustIn(origin, path) };
  }
  const backup = readVersion(`${path}.bak`);
  if (found.kind === 'absent' && backup.kind === 'absent') {
    return { kind: 'first', state: firstState, careful: false, warnings: [], kept: nothingKept };
  }
  const warnings: Warning[] = [];
  const setAside = (file: string, version: Version): void => {
    if (version.kind !== 'damaged') return;
    const where = look
      ? 'It was left in place.'
      : `It was moved to ${quarantine(file, layout.quarantineDir)}.`;
    const message = `${file} ${version.reason}. ${where}`;
    warnings.push({ code: 'state-damaged', message });
  };
  setAside(path, found);
  setAside(`${path}.bak`, backup);
  if (found.kind === 'absent') warnings.push({ code: 'state-missing', message: `${path} is missing.` });
  warnings.push({
    code: 'state-recovered',
    message:
      backup.kind === 'ok'
        ? `Going on from ${path}.bak; this pass only starts what is missing. To begin anew, remove both files.`
        : 'No backup could be used: everything is remembered anew; this pass only starts what is missing.',
  });
  const { state, kept } = backup.kind === 'ok' ? backup : { state: firstState, kept: nothingKept };
  return { kind: 'recovered', state, careful: true, warnings, kept };
}

/**
 * Saves the state, keeping the version before as `.bak`, and returns what to hand to the next save.
 * Throws a `Failure` and leaves the old file as it is when it could not be saved.
 */
export function saveState(layout: Layout, state: State, kept: Kept): Kept {
  const next = { ...kept, generation: kept.generation + 1 };
  writeJson(layout.stateFile, stateDocument(state, next), { backup: true });
  return next;
}

function readVersion(path: string): Version {
  const read = readJson(path);
  if (read.kind === 'absent') return read;
  if (read.kind === 'unreadable') throw notRead(path, read.code, read.message);
  if (read.kind === 'invalid') return { kind: 'damaged', reason: read.reason };
  const document = parseStateDocument(read.value);
  if (document.kind === 'newer') throw newer(path, document.version);
  return document.kind === 'ok' ? document : { kind: 'damaged', reason: document.reason };
}

function trustIn(
  origin: 'sealed' | 'unsealed' | 'go',
  path: string,
): Pick<LoadedState, 'careful' | 'warnings'> {
  if (origin !== 'unsealed') return { careful: false, warnings: [] };
  const message = `${path} has no checksum, so somebody edited it. It is used; this pass only starts what is missing.`;
  return { careful: true, warnings: [{ code: 'state-edited', message }] };
}

function newer(path: string, version: number): Failure {
  return new Failure(
    'state-newer',
    exitStatus.config,
    `${path} was written by a newer gt (form ${version}; this one knows ${stateVersion}). It was left alone and nothing was done.`,
    'gt version',
  );
}
