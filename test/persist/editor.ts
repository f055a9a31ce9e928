import { withEditLock } from '../../src/persist/edit-lock.ts';
import { armFaults } from '../../src/persist/fault.ts';
import { readJson, writeJson } from '../../src/persist/json.ts';

/** Adds one to the number in a shared file, several times, each time under the file's lock. */
const [, , path = '', times = '1'] = process.argv;
armFaults(true, process.env);

async function run(): Promise<void> {
  for (let done = 0; done < Number(times); done += 1) {
    await withEditLock(path, { since: new Date().toISOString(), command: 'editor' }, (guard) => {
      const read = readJson(path);
      if (read.kind !== 'ok' || typeof read.value !== 'number')
        throw new Error(`lost: ${JSON.stringify(read)}`);
      writeJson(path, read.value + 1, { onlyIf: guard.unchanged });
    });
  }
}

run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
