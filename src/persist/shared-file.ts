import writeFileAtomic from 'write-file-atomic';
import type { EditGuard } from './edit-lock.ts';
import { type WriteOptions, writeJson } from './json.ts';

/**
 * Saves a file that people and several commands edit, under its edit lock: only if nobody changed it meanwhile. The new
 * version is prepared by write-file-atomic, which leaves nothing behind when a signal ends the command, and is then
 * verified and put in place like every other file of ours.
 */
export function saveShared(
  path: string,
  value: unknown,
  guard: EditGuard,
  options: Pick<WriteOptions, 'mode'> = {},
): void {
  writeJson(path, value, {
    ...options,
    onlyIf: guard.unchanged,
    prepare: (next, bytes, how) => writeFileAtomic.sync(next, bytes, { ...how }),
  });
}
