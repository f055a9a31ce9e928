import { isUtf8 } from 'node:buffer';
import { lstatSync, realpathSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { exitStatus, Failure } from '../exit.ts';
import { fault } from './fault.ts';
import { notSaved, notSynced } from './io-failure.ts';
import { temporaryName } from './leftovers.ts';
import { isNestedDeeper } from './nesting.ts';
import { readFileBytes } from './read-file.ts';
import {
  keepBackup,
  makeDirectory,
  ownerOf,
  removeQuietly,
  syncDirectory,
  verifyBytes,
} from './replace-file.ts';
import { type WriteNew, writeNewFile } from './write-new-file.ts';

/** What reading a file gave. Only `absent` may ever mean "first time" (design: reading). */
export type Read<T> =
  | { readonly kind: 'absent' }
  /** `bytes` is the file's size. */
  | { readonly kind: 'ok'; readonly value: T; readonly bytes: number }
  /** It is there and could not be read: `code` is the system's (`EACCES`, `EISDIR` …). */
  | { readonly kind: 'unreadable'; readonly code: string; readonly message: string }
  /** It was read and is not what it should be. `reason` completes "the file …". */
  | { readonly kind: 'invalid'; readonly reason: string };

export interface WriteOptions {
  /** Keep the version being replaced as `<path>.bak`. */
  readonly backup?: boolean;
  /** Rights of the file; 0600 by default. */
  readonly mode?: number;
  /** False for a file that can be rebuilt: survives a crash of the program, perhaps not a power cut. */
  readonly fsync?: boolean;
  /** What prepares the new version beside the old one. */
  readonly prepare?: WriteNew;
  /** Asked at the last moment before the new version takes the old one's place; false gives up with exit 75. */
  readonly onlyIf?: () => boolean;
}

const largest = 32 * 1024 * 1024;

/** Reads a JSON file of at most 32 MiB. Never throws. */
export function readJson(path: string): Read<unknown> {
  const read = readFileBytes(path, largest);
  if (read.kind === 'too-big')
    return { kind: 'invalid', reason: `is larger than 32 MiB (${read.size} bytes)` };
  if (read.kind !== 'ok') return read;
  const { bytes } = read;
  if (bytes.length === 0) return { kind: 'invalid', reason: 'is empty' };
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return { kind: 'invalid', reason: 'begins with a byte order mark, which JSON does not allow' };
  }
  if (!isUtf8(bytes)) return { kind: 'invalid', reason: 'is not UTF-8 text' };
  if (bytes.length > 1024 * 1024 && isNestedDeeper(bytes, 1000)) {
    return { kind: 'invalid', reason: 'is nested too deeply' };
  }
  try {
    return { kind: 'ok', value: JSON.parse(bytes.toString('utf8')), bytes: bytes.length };
  } catch (error) {
    return {
      kind: 'invalid',
      reason: `is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** Reads a JSON file and holds it to a schema; what does not fit is `invalid`, with the first thing that is wrong. */
export function readAs<T>(path: string, schema: v.GenericSchema<unknown, T>): Read<T> {
  const read = readJson(path);
  if (read.kind !== 'ok') return read;
  const parsed = v.safeParse(schema, read.value, { abortEarly: true });
  if (parsed.success) return { kind: 'ok', value: parsed.output, bytes: read.bytes };
  return { kind: 'invalid', reason: firstIssue(parsed.issues) };
}

/** Names the first thing a schema found wrong: `has agents.deacon.started: …`. */
export function firstIssue(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  if (issue === undefined) return 'does not have the expected form';
  const where = v.getDotPath(issue);
  return where === null
    ? `does not have the expected form: ${issue.message}`
    : `has a wrong ${where}: ${issue.message}`;
}

/**
 * Replaces a JSON file safely (design: writing): the new version is written beside the old one, synced, read back
 * and compared, and only then takes its place by rename; then the directory is synced. On any failure the old version
 * is untouched and a `Failure` says so: 74 for a full or read-only disk or an I/O error, 77 for rights,
 * 73 where the file cannot be made. A symbolic link is followed. Missing directories are made with rights 0700.
 */
export function writeJson(path: string, value: unknown, options: WriteOptions = {}): void {
  const text = JSON.stringify(value, null, 2);
  if (text === undefined) throw new TypeError(`nothing to write to ${path}`);
  writeText(path, `${text}\n`, options);
}

/** The same for a file that is not JSON. */
export function writeText(path: string, text: string, options: WriteOptions = {}): void {
  const { backup = false, mode = 0o600, fsync = true, prepare = writeNewFile, onlyIf } = options;
  const target = replace(path, Buffer.from(text, 'utf8'), { backup, mode, fsync, prepare, onlyIf });
  try {
    fault('json.after-rename');
    if (fsync) syncDirectory(dirname(target));
  } catch (error) {
    throw notSynced(path, error);
  }
}

type Replacing = Required<Omit<WriteOptions, 'onlyIf'>> & { readonly onlyIf: (() => boolean) | undefined };

/** Returns the path that was replaced: what `path` links to, where it is a symbolic link. */
function replace(path: string, bytes: Buffer, { backup, mode, fsync, prepare, onlyIf }: Replacing): string {
  let next: string | null = null;
  try {
    const old = lstatSync(path, { throwIfNoEntry: false });
    const target = old?.isSymbolicLink() ? realpathSync(path) : path;
    if (old === undefined) makeDirectory(dirname(target));
    next = temporaryName(target);
    fault('json.before-write');
    prepare(next, bytes, { mode, fsync, ...ownerOf(target, old) });
    fault('json.written');
    verifyBytes(next, bytes);
    fault('json.before-backup');
    if (backup) keepBackup(target);
    fault('json.before-rename');
    if (onlyIf !== undefined && !onlyIf()) throw changedMeanwhile(path);
    renameSync(next, target);
    return target;
  } catch (error) {
    if (next !== null) removeQuietly(next);
    throw notSaved(path, error);
  }
}

function changedMeanwhile(path: string): Failure {
  return new Failure(
    'changed-meanwhile',
    exitStatus.busy,
    `${path} was changed by somebody else while it was being edited. Nothing was saved: run the command again.`,
  );
}
