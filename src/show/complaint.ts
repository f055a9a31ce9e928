/** What went wrong, in the form every command reports it. */
export interface Complaint {
  /** A stable slug. */
  readonly code: string;
  readonly message: string;
  /** The command to run next. */
  readonly hint: string | null;
}

/** Upstream's own lines, which agents may look for, begin like this (spec/agents.md Appendix B). */
const upstreams = 'Error: ';

/** Two lines for people: what happened, and what to run next. */
export function complaintText({ message, hint }: Complaint): string {
  const line = message.startsWith(upstreams) ? message : `gt: ${message}`;
  return hint === null ? `${line}\n` : `${line}\n    next: ${hint}\n`;
}

/** The one document that `--json` prints for a failure (design/contract.md §1). */
export function complaintDocument({ code, message, hint }: Complaint): object {
  const plain = message.startsWith(upstreams) ? message.slice(upstreams.length) : message;
  return { schema: 'gt.error/1', error: { code, message: plain, hint } };
}
