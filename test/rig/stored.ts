import { randomBytes } from 'node:crypto';
import { draftWith, type Message } from '../../src/model/message.ts';
import { importBeads } from '../../src/store/beads/contents.ts';
import { beadsOf } from '../../src/store/beads/open.ts';
import type { Contents } from '../../src/store/contents.ts';
import { importFiles } from '../../src/store/files/contents.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/port.ts';
import { inBeads, type TestTown } from './town.ts';

/** A town's store, as it is opened by whoever looks at it from outside. */
export function storeIn({ root, env }: TestTown): Store {
  return openStore(root, Date.now, { env });
}

/** Puts things into a town's store with the dates they carry: a `bd` would date them itself. `now`: of the last change. */
async function fill({ root, env }: TestTown, contents: Partial<Contents>, now: number): Promise<void> {
  const all = { mail: [], agents: [], work: [], ...contents };
  const done = inBeads
    ? await importBeads(beadsOf(root, { env, now: () => now }), all)
    : await importFiles(root, all, () => now);
  if (!done.known) throw new Error(done.reason);
}

const newId = (): string => `hq-${randomBytes(5).toString('hex')}`;

/** Work that has been on somebody's hook for so many milliseconds; its id. */
export async function hooked(town: TestTown, agent: string, ago: number): Promise<string> {
  const id = newId();
  const now = Date.now() - ago;
  const since = new Date(now).toISOString();
  const item = { id, title: 'a task', description: '', by: 'mayor/', created: since } as const;
  const work = [{ ...item, priority: 2, state: { is: 'hooked', agent, since } } as const];
  await fill(town, { work }, now);
  return id;
}

/** A message to the deacon as another program may have left it, dated so many milliseconds ago or not at all; its id. */
export async function leftInMail(
  town: TestTown,
  message: Pick<Message, 'from' | 'subject' | 'body'>,
  ago: number | null,
): Promise<string> {
  const id = newId();
  const at = ago === null ? null : new Date(Date.now() - ago).toISOString();
  const whole: Message = { ...draftWith({ ...message, to: 'deacon' }), id, at, thread: '' };
  await fill(town, { mail: [{ mailbox: 'deacon', message: whole, state: { is: 'waiting' } }] }, Date.now());
  return id;
}
