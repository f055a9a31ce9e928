import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { oneLine } from '../../show/printable.ts';

/** How the second line of work begins that is made of a message. */
export const readLine = 'Run: gt mail read ';

/** Whether work was made of this message. */
export function isMadeOf({ description }: WorkItem, message: string): boolean {
  return description.split('\n', 2)[1] === `${readLine}${message}`;
}

/**
 * The one piece of hooked work that is meant: by its id, by that of the message it is made of, or by a beginning that no other has. Nothing (64), nothing of that
 * name or several (1) are refused: what ends work must not guess.
 */
export function hookedItem(given: string, hooked: readonly WorkItem[], agent: Agent): WorkItem {
  const text = given.trim();
  if (text === '')
    throw new Failure('usage', exitStatus.usage, 'Which work? The id given is empty.', 'gt hook');
  const exact = hooked.find((item) => item.id === text || isMadeOf(item, text));
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
