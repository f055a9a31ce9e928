import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hooksOf } from '../../src/agents/hooks-file.ts';
import type { Agent } from '../../src/model/agent.ts';
import { firstState, noMemory, type State } from '../../src/model/state.ts';
import { firstSigns } from '../../src/observe/first-signs.ts';
import { overdue, unreported } from '../../src/observe/unreported.ts';
import { rigAgent, townAgent } from '../../src/town/identity.ts';
import { keepaliveFileOf, layout } from '../../src/town/layout.ts';
import { paneOf, running } from '../decide/given.ts';

const begun = Date.UTC(2026, 0, 1);
const deacon = townAgent('deacon');
const witness = rigAgent('proj', 'witness');
const everybody = [deacon, witness];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gt-first-'));
  mkdirSync(join(root, 'deacon'));
  mkdirSync(join(root, 'proj/witness'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Started = NonNullable<(typeof noMemory)['started']>;
const started = (pane: string, more: Partial<Started> = {}): State => ({
  ...firstState,
  agents: {
    'proj/witness': {
      ...noMemory,
      started: {
        at: new Date(begun).toISOString(),
        awake: 0,
        pane,
        panePid: 400,
        serverPid: 77,
        ours: true,
        ...more,
      },
    },
  },
});
const write = (path: string, value: unknown) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(value));
};
const stamp = (agent: Agent, minute: number, pane: string, server = 77) =>
  write(keepaliveFileOf(root, agent), {
    timestamp: new Date(begun + minute * 60_000).toISOString(),
    pane,
    tmux_server: server,
  });
const look = () => firstSigns(layout(root), [witness], everybody, started('%5'))['proj/witness'];

describe('F85: an agent that ought to have reported', () => {
  it('has hooks where a settings file of its directory calls us, whichever of the two', () => {
    expect(look()).toEqual({ hooks: false, as: null });
    write(join(root, 'proj/witness/.claude/settings.json'), { hooks: {} });
    expect(look()).toEqual({ hooks: false, as: null });
    write(join(root, 'proj/witness/.claude/settings.local.json'), hooksOf(witness));
    expect(look()).toEqual({ hooks: true, as: null });
    rmSync(join(root, 'proj/witness/.claude'), { recursive: true });
    writeFileSync(join(root, 'proj/witness/.claude'), 'no directory');
    expect(look()).toEqual({ hooks: false, as: null });
  });

  it('is whom a stamp from its pane names, if that is younger than its start and not its own', () => {
    stamp(witness, 1, '%5');
    expect(look()?.as).toBeNull();
    stamp(deacon, 1, '%6');
    expect(look()?.as).toBeNull();
    stamp(deacon, -1, '%5');
    expect(look()?.as).toBeNull();
    stamp(deacon, 1, '%5', 78);
    expect(look()?.as).toBeNull();
    stamp(deacon, 1, '%5');
    expect(look()?.as).toBe('deacon');
    writeFileSync(keepaliveFileOf(root, deacon), '{"pane":"%5","tmux_server":77');
    expect(look()?.as).toBeNull();
  });
});

describe('who has not reported', () => {
  const pane = paneOf('proj/witness', 'gt-proj-witness', { pane: '%5', pid: 400 });
  const program = { runtime: 'claude', program: 'claude', found: null, processes: [] };
  const programs = { 'proj/witness': { ...program, hooks: true as const } };
  const those = (state: State, how = programs, tmux = running(pane)) =>
    unreported(everybody, how, state, tmux).map(({ id }) => id);

  it('is looked for among those that we started, that live and that run hooks; once all have, nobody', () => {
    expect(those(started('%5'))).toEqual(['proj/witness']);
    expect(those(started('%5', { reported: true }))).toEqual([]);
    expect(those(started('%9'))).toEqual([]);
    expect(those(started('%5', { panePid: 1 }))).toEqual([]);
    expect(those(started('%5', { serverPid: 1 }))).toEqual([]);
    expect(unreported(everybody, { 'proj/witness': program }, started('%5'), running(pane))).toEqual([]);
    const { ours: _, ...seen } = started('%5').agents['proj/witness']?.started ?? {};
    expect(
      those({
        ...firstState,
        agents: {
          'proj/witness': {
            ...noMemory,
            started: { at: '', awake: 0, pane: '', panePid: 0, serverPid: 0, ...seen },
          },
        },
      }),
    ).toEqual([]);
  });

  it('is late after the newborn grace', () => {
    const state = started('%5');
    expect(overdue([witness], state, begun + 299_000, 300_000)).toEqual([]);
    expect(overdue([witness], state, begun + 300_000, 300_000)).toEqual([witness]);
  });
});
