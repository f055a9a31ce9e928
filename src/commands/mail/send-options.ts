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
      if (isOtherNumber(text)) return 'normal';
      throw usage(`the priority ${JSON.stringify(text)} is none of urgent, high, normal, low and 0 to 4`);
  }
}

function isOtherNumber(text: string): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) > 4;
}

/** What upstream takes for something else (spec/agents.md §2.3), so we do, and say so. */
export function oddities({
  priority = '',
  type,
}: {
  readonly priority?: string | undefined;
  readonly type?: string | undefined;
}): readonly string[] {
  return [
    ...(isOtherNumber(priority) ? [`there is no priority ${priority.trim()}: taken for normal.`] : []),
    ...(type === undefined || isType(type)
      ? []
      : [
          `the type ${JSON.stringify(type)} is none of task, scavenge, notification and reply: taken for notification.`,
        ]),
  ];
}

const types = ['task', 'scavenge', 'notification', 'reply'] as const;

function isType(text: string): text is MessageType {
  return types.some((type) => type === text);
}

/** An answer that says nothing of its type is a `reply`. */
export function typeOf(type: string | undefined, isReply: boolean): MessageType {
  const known = type !== undefined && isType(type) ? type : 'notification';
  return known === 'notification' && isReply ? 'reply' : known;
}

export function usage(message: string): Failure {
  return new Failure('usage', exitStatus.usage, message, 'gt mail send --help');
}
