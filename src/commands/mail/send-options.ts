import { exitStatus, Failure } from '../../exit.ts';
import type { MessageType, Priority } from '../../model/message.ts';
import type { Context } from '../context.ts';

/** The largest body taken, in bytes. */
const largestBody = 8 * 1024 * 1024;

/** The body from `--message` or, with `--stdin`, from standard input; empty without either. */
export function bodyOf(
  { message, stdin = false }: { readonly message?: string | undefined; readonly stdin?: boolean | undefined },
  context: Context,
): string {
  if (stdin && message !== undefined) throw usage('the body comes from --message or from --stdin, not both');
  if (stdin && context.stdin === undefined) throw usage('there is no standard input to read');
  const body = stdin ? (context.stdin?.() ?? '') : (message ?? '');
  if (Buffer.byteLength(body) > largestBody)
    throw usage(`the body is larger than ${largestBody / 1024 / 1024} MiB`);
  return body;
}

/** Words and numbers, as both ages of upstream took them (spec/agents.md §2.3); `--urgent` wins, `--notify` raises normal. */
export function priorityOf({
  priority,
  urgent = false,
  notify = false,
}: {
  readonly priority?: string | undefined;
  readonly urgent?: boolean | undefined;
  readonly notify?: boolean | undefined;
}): Priority {
  const asked = urgent ? 'urgent' : priorityNamed(priority ?? 'normal');
  return notify && asked === 'normal' ? 'high' : asked;
}

function priorityNamed(text: string): Priority {
  switch (text.trim().toLowerCase()) {
    case '0':
    case 'urgent':
      return 'urgent';
    case '1':
    case 'high':
      return 'high';
    case '2':
    case 'normal':
      return 'normal';
    case '3':
    case '4':
    case 'low':
    case 'backlog':
      return 'low';
    default:
      throw usage(`the priority ${JSON.stringify(text)} is none of urgent, high, normal, low and 0 to 4`);
  }
}

/** An answer that says nothing of its type is a `reply`. */
export function typeOf(type: string | undefined, isReply: boolean): MessageType {
  switch (type) {
    case undefined:
    case 'notification':
      return isReply ? 'reply' : 'notification';
    case 'task':
    case 'scavenge':
    case 'reply':
      return type;
    default:
      throw usage(`the type ${JSON.stringify(type)} is none of task, scavenge, notification and reply`);
  }
}

export function usage(message: string): Failure {
  return new Failure('usage', exitStatus.usage, message, 'gt mail send --help');
}
