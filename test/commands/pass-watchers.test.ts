import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tellCollector } from '../../src/commands/tick/pass-watchers.ts';
import { noPassReport } from '../../src/show/no-pass.ts';
import { layout } from '../../src/town/layout.ts';

describe('the figures of a pass', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'gt-figures-'));
    mkdirSync(join(dir, 'town/daemon'), { recursive: true });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('are never written over a file of the town, whatever the settings say', () => {
    const at = layout(join(dir, 'town'));
    writeFileSync(at.stateFile, 'precious');
    const report = noPassReport(at.root, 'busy', null, 0);
    tellCollector({ metricsFile: `${dir}/town/x/../daemon/state.json`, ping: null }, at, report);
    expect(readFileSync(at.stateFile, 'utf8')).toBe('precious');
  });
});
