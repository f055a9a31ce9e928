import { exitStatus, Failure } from '../../exit.ts';
import type { Held } from '../../model/message.ts';
import { type Desk, notFound, valueIn } from './desk.ts';

/** The message with this id, or the only one whose id begins so; a {@link Failure} (exit 1) otherwise. */
export async function findMessage(desk: Desk, id: string): Promise<Held> {
  const found = valueIn(await desk.mail.find(id.trim()));
  switch (found.kind) {
    case 'found':
      return found.held;
    case 'missing':
      throw notFound(id);
    case 'ambiguous':
      throw new Failure(
        'message-ambiguous',
        exitStatus.failed,
        `${id} could be ${found.ids.slice(0, 5).join(', ')}`,
        'gt mail inbox',
      );
  }
}
