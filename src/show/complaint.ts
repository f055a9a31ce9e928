/** What went wrong, in the form every command reports it. */
export interface Complaint {
  /** A stable slug. */
  readonly code: string;
  readonly message: string;
  /** The command to run next. */
  readonly hint: string | null;
}

/** Two lines for people: what happened, and what to run next. */
export function complaintText({ message, hint }: Complaint): string {
  return hint === null ? `gt: ${message}\n` : `gt: ${message}\n    next: ${hint}\n`;
}

/** The one document that `--json` prints for a failure (design/contract.md §1). */
export function complaintDocument({ code, message, hint }: Complaint): object {
  return { schema: 'gt.error/1', error: { code, message, hint } };
}
