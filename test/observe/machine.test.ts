import { cpus, totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/model/fact.ts';
import type { Tmux } from '../../src/model/pane.ts';
import { readMachine, someoneIsDown } from '../../src/observe/machine.ts';
import { agentsOf, sessionOf } from '../../src/town/identity.ts';
import { paneOf } from '../decide/given.ts';
import { dead, hookedOn } from '../decide/recovery.ts';

const agents = agentsOf([{ name: 'proj', crew: ['max'], polecats: ['toast'] }]);
const toast = 'proj/polecats/toast';
const tmuxWith = (ids: readonly string[], more = {}): Tmux => ({
  kind: 'running',
  socket: '/s',
  pid: 1,
  started: 1,
  panes: agents.filter(({ id }) => ids.includes(id)).map((agent) => paneOf(agent.id, sessionOf(agent), more)),
});
const nothing = known([]);

describe('F79: the machine is looked at', () => {
  it.each([
    ['a witness has no session', tmuxWith(['deacon']), nothing, []],
    ['a witness is dead', tmuxWith(['proj/witness'], dead), nothing, []],
    ['only a shell is left of it', tmuxWith(['proj/witness'], { command: 'bash' }), nothing, []],
    ['there is no tmux server', { kind: 'absent', socket: '/s' } satisfies Tmux, nothing, []],
    ['a refinery that is kept is gone', tmuxWith(['proj/witness']), nothing, ['refinery' as const]],
    ['a polecat with work is gone', tmuxWith(['proj/witness']), known([hookedOn(toast)]), []],
  ])('where %s', (_, tmux, hooked, keep) => {
    expect(someoneIsDown({ agents, tmux, hooked, keep })).toBe(true);
  });

  it.each([
    ['all is well', nothing],
    ['the store does not answer', unknown('silent')],
    ['a polecat works', known([hookedOn(toast)])],
  ])('not where %s', (_, hooked) => {
    const tmux = tmuxWith(['deacon', 'proj/witness', toast]);
    expect(someoneIsDown({ agents, tmux, hooked, keep: ['mayor'] })).toBe(false);
  });
});

it('F79: load and free memory of this machine are what can be', () => {
  const { loadPerCpu, freeMemory } = readMachine();
  if (loadPerCpu.known) expect(loadPerCpu.value * cpus().length).toBeLessThan(100_000);
  else expect(loadPerCpu.reason).toContain('no load average');
  if (process.platform !== 'linux') expect(freeMemory.known).toBe(false);
  else expect(freeMemory.known && freeMemory.value > 0 && freeMemory.value <= totalmem()).toBe(true);
});
