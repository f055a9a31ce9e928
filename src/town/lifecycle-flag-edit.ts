import { exitStatus, Failure } from '../exit.ts';
import type { Agent } from '../model/agent.ts';
import type { RequestAction } from '../model/request.ts';
import { withEditLock } from '../persist/edit-lock.ts';
import { readJson } from '../persist/json.ts';
import { saveShared } from '../persist/shared-file.ts';
import { stateFileOf } from './layout.ts';
import { flagOf } from './lifecycle-flags.ts';
import type { Editing } from './registry-edit.ts';
import { isObject } from './settings-problem.ts';
import { shellWord } from './shell-word.ts';

/** Sets the flag that confirms a request; everything else in the file stays. Throws a {@link Failure} where it cannot be read. */
export function raiseFlag(
  root: string,
  agent: Agent,
  action: RequestAction,
  editing: Editing,
): Promise<void> {
  return editFlags(root, agent, editing, (state) => ({
    ...state,
    [flagOf(action)]: true,
    requesting_time: editing.at,
  }));
}

/**
 * Takes the flag back, after the action or instead of it; a file without it is left as it is, and so is a flag that was
 * raised after `raised`, by somebody whose request is still on its way. null: whoever raised it, it goes.
 */
export function clearFlag(
  root: string,
  agent: Agent,
  action: RequestAction,
  editing: Editing,
  raised: string | null,
): Promise<void> {
  const gone = [flagOf(action), 'requesting_time'];
  return editFlags(root, agent, editing, (state) =>
    gone.some((key) => Object.hasOwn(state, key)) && !isAnothers(state.requesting_time, raised, editing.at)
      ? Object.fromEntries(Object.entries(state).filter(([key]) => !gone.includes(key)))
      : null,
  );
}

/** A time that has not come yet was raised by nobody. */
function isAnothers(time: unknown, raised: string | null, at: string): boolean {
  if (raised === null || typeof time !== 'string') return false;
  const since = Date.parse(time);
  return since > Date.parse(raised) && since <= Date.parse(at);
}

/** The agent may write its file at any moment too: what changed under our hands is not overwritten. */
function editFlags(
  root: string,
  agent: Agent,
  { at, command }: Editing,
  edit: (state: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>> | null,
): Promise<void> {
  const file = stateFileOf(root, agent);
  return withEditLock(file, { since: at, command }, (guard) => {
    const read = readJson(file);
    if (read.kind !== 'absent' && (read.kind !== 'ok' || !isObject(read.value))) {
      const why =
        read.kind === 'unreadable'
          ? read.message
          : read.kind === 'invalid'
            ? read.reason
            : 'is not an object';
      throw new Failure(
        'agent-state-unreadable',
        exitStatus.data,
        `The state file of ${agent.id} cannot be used and was left as it is: ${file}: ${why}.`,
        `cat ${shellWord(file)}`,
      );
    }
    const changed = edit(read.kind === 'ok' && isObject(read.value) ? read.value : {});
    if (changed !== null) saveShared(file, changed, guard, { mode: 0o644 });
  });
}
