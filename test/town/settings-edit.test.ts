import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layout } from '../../src/town/layout.ts';
import { writeEvery, writeStore } from '../../src/town/settings-edit.ts';

const editing = { at: '2026-03-01T12:00:00Z', command: 'gt schedule install' };

describe('a change of one setting', () => {
  let root: string;
  const file = () => layout(root).settingsFile;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gt-settings-'));
    mkdirSync(join(root, 'settings'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('keeps every other setting', async () => {
    writeFileSync(file(), '{"default_agent":"claude","tick":{"stale":"10m"}}');
    await writeEvery(layout(root), 300_000, editing);
    await writeStore(layout(root), 'beads', editing);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({
      default_agent: 'claude',
      tick: { stale: '10m', every: '5m' },
      store: 'beads',
    });
  });

  it.each(['{"torn":', '[]', ''])('leaves settings alone that cannot be understood: %j', async (text) => {
    writeFileSync(file(), text);
    const refused = { exit: 78, code: 'settings-unreadable' };
    await expect(writeEvery(layout(root), 300_000, editing)).rejects.toMatchObject(refused);
    await expect(writeStore(layout(root), 'files', editing)).rejects.toMatchObject(refused);
    expect(readFileSync(file(), 'utf8')).toBe(text);
  });
});
