import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { parseJson } from '../../persist/parse-json.ts';
import { readPlain } from '../files/disk.ts';

/**
 * A note to ourselves that may be lost at any time: what cannot be read is not there, what cannot be written is not kept.
 */
export function readKept<T>(path: string, form: v.GenericSchema<unknown, T>): T | null {
  try {
    const plain = readPlain(path);
    if (plain.kind !== 'text') return null;
    const parsed = v.safeParse(form, parseJson(plain.text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

export function writeKept(path: string, value: unknown): void {
  const temporary = `${path}.tmp-${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, JSON.stringify(value), { mode: 0o600 });
    renameSync(temporary, path);
  } catch {
    rmSync(temporary, { force: true });
  }
}
