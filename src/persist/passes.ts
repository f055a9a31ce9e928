import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { exitStatus, Failure } from '../exit.ts';
import type { Layout } from '../town/layout.ts';
import { errnoOf, inWords, notRead, notSaved } from './io-failure.ts';
import { type Read, readJson } from './json.ts';
import { temporaryName } from './leftovers.ts';
import { makeDirectory, removeQuietly } from './replace-file.ts';

/**
 * The newest passes stay: no more than this many, and no more than 32 MiB. Two hundred small ones are 4 MiB at most, so
 * sizes are looked at only when a larger one is saved, and the larger ones get the rest.
 */
const most = 200;
const smallBytes = 20_000;
const mostBytes = 28 * 1024 * 1024;

const passName = /^\d{4}-\d{2}-\d{2}T[0-9:.]{8,20}Z-[0-9A-Za-z]{1,32}$/;

/**
 * Stores what a pass saw, planned and did as `daemon/passes/<pass>.json`, and forgets the oldest ones. Not synced: it is for
 * people, and for replaying. Ids begin with their RFC 3339 time in UTC, so their order is that of time.
 */
export function savePass(layout: Layout, pass: string, document: unknown): void {
  const path = fileOf(layout, pass);
  const next = temporaryName(path);
  const text = `${JSON.stringify(document)}\n`;
  try {
    writeNew(layout.passesDir, next, text);
    renameSync(next, path);
  } catch (error) {
    removeQuietly(next);
    throw notSaved(path, error);
  }
  forgetOldest(layout, pass, text.length > smallBytes);
}

/** Ids of the stored passes, newest first; empty where there are none. That they may not be read is a `Failure` (77, 74). */
export function listPasses({ passesDir }: Layout): readonly string[] {
  try {
    return readdirSync(passesDir)
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
      .filter((name) => passName.test(name))
      .sort()
      .reverse();
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT') return [];
    throw notRead(passesDir, code, inWords(code, error));
  }
}

/** One stored pass. An id that cannot be one is `absent`. */
export function readPass(layout: Layout, pass: string): Read<unknown> {
  return passName.test(pass) ? readJson(fileOf(layout, pass)) : { kind: 'absent' };
}

function fileOf(layout: Layout, pass: string): string {
  if (passName.test(pass)) return `${layout.passesDir}/${pass}.json`;
  throw new Failure('pass-unknown', exitStatus.usage, `"${pass}" is not the id of a pass.`);
}

function writeNew(directory: string, path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    makeDirectory(directory);
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  }
}

function forgetOldest(layout: Layout, newest: string, weigh: boolean): void {
  let bytes = 0;
  for (const [index, pass] of listPasses(layout).entries()) {
    if (index < most && !weigh) continue;
    const path = fileOf(layout, pass);
    if (weigh) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (pass !== newest && (index >= most || bytes > mostBytes)) removeQuietly(path);
  }
}
