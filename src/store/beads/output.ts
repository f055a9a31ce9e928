import { type Issue, parseIssue } from './issue.ts';

/** What a program printed where JSON was asked for. `bad` completes "its answer …". */
export type Printed =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'empty' }
  | { readonly kind: 'bad'; readonly why: string };

/**
 * Reads one JSON value, whatever banner or colour stands before it (failures F68). Text after the value, or a value that
 * ends too early, is no answer.
 */
export function readPrinted(stdout: string): Printed {
  const text = stdout.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '').trim();
  if (text === '') return { kind: 'empty' };
  const whole = parse(text);
  if (whole !== undefined) return { kind: 'value', value: whole.value };
  // A value begins a line of its own; a banner may hold brackets too, hence every such line is tried.
  for (const { index } of text.matchAll(/^(?=[[{]|null$)/gm)) {
    const value = parse(text.slice(index));
    if (value === undefined) continue;
    // Two answers are none.
    if (parse(text.slice(0, index)) !== undefined) break;
    return { kind: 'value', value: value.value };
  }
  return { kind: 'bad', why: /^[[{]/m.test(text) ? 'is cut off or no JSON' : 'is no JSON' };
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

export type PrintedIssues =
  | { readonly kind: 'issues'; readonly issues: readonly Issue[]; readonly strange: number }
  | { readonly kind: 'bad'; readonly why: string };

/**
 * The issues of a listing: an array, or one object that is an issue. `null` and nothing at all are no listing: an empty
 * one is `[]`. Entries that are no issues are counted; when none of several is one, the form has changed and nothing is
 * known.
 */
export function issuesIn(stdout: string): PrintedIssues {
  const printed = readPrinted(stdout);
  if (printed.kind === 'bad') return printed;
  if (printed.kind === 'empty') return { kind: 'bad', why: 'is empty where a list was asked for' };
  const { value } = printed;
  if (value === null) return { kind: 'bad', why: 'is null where a list was asked for' };
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  const issues = entries.flatMap((entry) => parseIssue(entry) ?? []);
  if (issues.length === 0 && entries.length > 0) return { kind: 'bad', why: 'holds no issues' };
  return { kind: 'issues', issues, strange: entries.length - issues.length };
}
