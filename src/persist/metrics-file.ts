import { renameSync } from 'node:fs';
import { notSaved } from './io-failure.ts';
import { removeQuietly, verifyBytes } from './replace-file.ts';
import { writeNewFile } from './write-new-file.ts';

/**
 * Replaces a file that a metrics collector reads, whole or not at all, readable for everybody. Its directory is the
 * collector's and is not made. The name beside it does not end in `.prom`, so no collector takes it for a second file; it
 * is always the same one, so a killed pass leaves no heap of them. Throws a `Failure` when it was not saved.
 */
export function writeMetrics(path: string, text: string): void {
  const next = `${path}.next`;
  const bytes = Buffer.from(text, 'utf8');
  removeQuietly(next);
  try {
    writeNewFile(next, bytes, { mode: 0o644, fsync: false });
    verifyBytes(next, bytes);
    renameSync(next, path);
  } catch (error) {
    removeQuietly(next);
    throw notSaved(path, error);
  }
}
