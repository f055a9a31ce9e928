import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/model/agent.ts';
import { stateFileOf } from '../../src/town/layout.ts';
import { clearFlag, raiseFlag } from '../../src/town/lifecycle-flag-edit.ts';

const agent: Agent = { id: 'proj/crew/ann', role: 'crew', rig: 'proj', name: 'ann' };
const at = (second: number) => ({ at: new Date(second * 1000).toISOString(), command: 'test' });

describe('a flag that confirms a request', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gt-flag-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const flags = () => JSON.parse(readFileSync(stateFileOf(root, agent), 'utf8'));
  const clear = (second: number, raised: number | null) =>
    clearFlag(root, agent, 'cycle', at(second), raised === null ? null : at(raised).at);

  it('goes with the request it was raised for', async () => {
    await raiseFlag(root, agent, 'cycle', at(10));
    await clear(12, 10);
    expect(flags()).toEqual({});
  });

  it('stays when it was raised again for a request that is still being sent', async () => {
    await raiseFlag(root, agent, 'cycle', at(10));
    await raiseFlag(root, agent, 'cycle', at(11));
    await clear(12, 10);
    expect(flags()).toMatchObject({ requesting_cycle: true });
  });

  it('goes with a request that does not say when it was raised, as agents write it by hand', async () => {
    await raiseFlag(root, agent, 'cycle', at(10));
    await clear(12, null);
    expect(flags()).toEqual({});
  });

  it('goes when it claims to have been raised in the future', async () => {
    await raiseFlag(root, agent, 'cycle', at(9999));
    await clear(12, 10);
    expect(flags()).toEqual({});
  });
});
