import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { type Layout, layout } from '../../src/town/layout.ts';

const made: string[] = [];
afterAll(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** A directory of this test file's own, removed when the file is done. */
export function scratch(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'gt-town-')));
  made.push(dir);
  return dir;
}

/** Writes files, with the directories they need. Text as it is, everything else as JSON. */
export function write(root: string, files: Readonly<Record<string, unknown>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** A town with these files besides its marker and an empty registry. */
export function townWith(files: Readonly<Record<string, unknown>> = {}): Layout {
  const root = scratch();
  write(root, {
    'mayor/town.json': { type: 'town', version: 2, name: 't' },
    'mayor/rigs.json': { version: 1, rigs: {} },
    ...files,
  });
  return layout(root);
}

/** A registry with these rigs. */
export function registry(...names: readonly string[]): object {
  return {
    version: 1,
    rigs: Object.fromEntries(
      names.map((name) => [
        name,
        { git_url: '', added_at: '2026-01-01T00:00:00Z', beads: { repo: '', prefix: name.slice(0, 2) } },
      ]),
    ),
  };
}
