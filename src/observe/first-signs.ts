import { hooksCallUs } from '../agents/hooks-file.ts';
import type { Agent, AgentId } from '../model/agent.ts';
import type { FirstSign } from '../model/snapshot.ts';
import type { State } from '../model/state.ts';
import { keepaliveFileOf, type Layout, workDirsOf } from '../town/layout.ts';
import { isDirectory } from '../town/path-on-disk.ts';
import { readSign, type Sign } from './stamp.ts';

/**
 * What there is to know of agents that ought to have reported: whether their hooks call us at all, and in whose name
 * commands in their panes have left stamps since they were started (design/failures.md F85).
 */
export function firstSigns(
  { root }: Layout,
  late: readonly Agent[],
  everybody: readonly Agent[],
  state: State,
): Readonly<Record<AgentId, FirstSign>> {
  const stamped = everybody.flatMap((agent) => {
    const sign = readSign(keepaliveFileOf(root, agent));
    return sign.known && sign.value.pane !== null ? [{ id: agent.id, sign: sign.value }] : [];
  });
  return Object.fromEntries(
    late.map((agent) => {
      const dir = workDirsOf(root, agent).find(isDirectory);
      const other = stamped.find(({ id, sign }) => id !== agent.id && isFrom(agent, sign, state));
      return [agent.id, { hooks: dir !== undefined && hooksCallUs(dir), as: other?.id ?? null }];
    }),
  );
}

function isFrom({ id }: Agent, { pane, at }: Sign, state: State): boolean {
  const started = state.agents[id]?.started ?? null;
  return (
    started !== null &&
    pane?.pane === started.pane &&
    pane.server === started.serverPid &&
    at !== null &&
    at >= Date.parse(started.at)
  );
}
