import type { Condition, NoticeKind, Observed } from '../model/condition.ts';
import type { Mailbox } from '../model/message.ts';
import type { Evidence } from '../model/plan.ts';

/** Who is told of what befalls a rig's workers. */
export function witnessOf(rig: string): Mailbox {
  return `${rig}/witness`;
}

/** A condition for the human. */
export function human(
  key: string,
  code: string,
  agent: string | null,
  words: {
    readonly subject: string;
    readonly text: string;
    readonly details: Evidence;
    readonly hint: string;
  },
): Observed {
  return { key, code, agent, to: 'overseer', ...words };
}

/** The subject of a notice. */
export function subjectOf({ subject }: Condition, kind: NoticeKind): string {
  switch (kind) {
    case 'opened':
      return subject;
    case 'reminder':
      return `STILL: ${subject}`;
    case 'recovered':
      return `RECOVERED: ${subject}`;
  }
}

/** What a notice says: what is wrong, the facts, what to do. */
export function bodyOf({ text, details, hint, opened, over }: Condition, kind: NoticeKind): string {
  const first =
    kind === 'recovered'
      ? `This is over since ${over ?? 'now'}: ${text}`
      : kind === 'reminder'
        ? `This has lasted since ${opened}: ${text}`
        : text;
  const facts = Object.entries(details)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}: ${value}`);
  return [
    first,
    ...(facts.length === 0 ? [] : ['', ...facts]),
    ...(kind === 'recovered' ? [] : ['', hint]),
  ].join('\n');
}
