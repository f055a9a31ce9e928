import * as v from 'valibot';
import { parseJson } from '../../persist/parse-json.ts';

/**
 * What `bd` has no column for: one line `gt: {json}` in an issue's notes. Everything else in the notes is somebody
 * else's and stays.
 */
export interface Margin {
  /** Texts that a title or a label cannot carry unchanged. */
  readonly subject?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cc?: readonly string[] | undefined;
  readonly claim?: { readonly by: string; readonly at: string } | undefined;
}

const form = v.object({
  subject: v.optional(v.string()),
  from: v.optional(v.string()),
  to: v.optional(v.string()),
  cc: v.optional(v.array(v.string())),
  claim: v.optional(v.object({ by: v.string(), at: v.string() })),
});

const mark = 'gt: ';

export function readMargin(notes: string): Margin {
  const line = notes.split('\n').findLast((one) => one.startsWith(mark));
  if (line === undefined) return {};
  const parsed = v.safeParse(form, parseJson(line.slice(mark.length)));
  return parsed.success ? parsed.output : {};
}

/** The notes with this margin in place of the one there was. */
export function writeMargin(notes: string, margin: Margin): string {
  const others = notes.split('\n').filter((line) => !line.startsWith(mark));
  const text = JSON.stringify(margin);
  return (text === '{}' ? others : [...others.filter((line) => line !== ''), `${mark}${text}`]).join('\n');
}
