import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { oneLine } from '../../show/printable.ts';

/**
 * The one piece of hooked work that is meant: by its id, or by a beginning that no other has. Nothing (64), nothing of that
 * name or several (1) are refused: what ends work must not guess.
 */
export function hookedItem(given: string, hooked: readonly WorkItem[], agent: Agent): WorkItem {
  const text = given.trim();
  if (text === '')
    throw new Failure('usage', exitStatus.usage, 'Which work? The id given is empty.', 'gt hook');
  const exact = hooked.find(({ id }) => id === text);
  if (exact !== undefined) return exact;
  const [begun, ...others] = hooked.filter(({ id }) => id.startsWith(text));
  if (begun === undefined)
    throw new Failure(
      'not-hooked',
      exitStatus.failed,
      `${oneLine(text)} is not on the hook of ${agent.id}.`,
      'gt hook',
    );
  if (others.length === 0) return begun;
  const ids = [begun, ...others].map(({ id }) => id).join(' or ');
  throw new Failure('work-ambiguous', exitStatus.failed, `${oneLine(text)} may be ${ids}.`, 'gt hook');
}
