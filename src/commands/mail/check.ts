import { exitStatus } from '../../exit.ts';
import { jsonText } from '../../show/json.ts';
import type { Context } from '../context.ts';
import { mailboxAsked, openDesk, valueIn } from './desk.ts';
import { injectText } from './inject.ts';
import { injectFromStore } from './inject-store.ts';

export interface CheckOptions {
  readonly town?: string | undefined;
  readonly address?: string | undefined;
  readonly inject?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** `gt mail check`: exit 0 with mail, 1 without; with `--json` or `--inject` always 0 (spec/agents.md §2.6). */
export async function checkCommand(
  { town, address, inject = false, json = false }: CheckOptions,
  context: Context,
): Promise<number> {
  if (inject) {
    const text = injectText({ env: context.env, cwd: context.cwd, town, address });
    context.stdout(text ?? (await injectFromStore({ town, address }, context)));
    return exitStatus.done;
  }
  const desk = openDesk(town, context, { reading: true });
  const asked = await mailboxAsked(desk, address);
  const unread = valueIn(await desk.mail.count(asked.mailbox));
  if (json) {
    context.stdout(jsonText({ address: asked.address, has_new: unread > 0, unread }));
    return exitStatus.done;
  }
  context.stdout(unread > 0 ? `📬 ${unread} unread message(s)\n` : 'No new mail\n');
  return unread > 0 ? exitStatus.done : exitStatus.failed;
}
