import * as v from 'valibot';
import { evidenceText, reasonText } from '../show/reason.ts';
import { table } from '../show/table.ts';

const pass = v.object({
  ran: v.boolean(),
  actions: v.array(
    v.object({
      kind: v.string(),
      agent: v.string(),
      why: v.string(),
      evidence: v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()])),
      result: v.picklist(['ok', 'failed', 'skipped', 'planned']),
      error: v.nullable(v.string()),
    }),
  ),
});

/** What `gt tick --json` says of its pass, as far as the demo tells it. */
export type ToldPass = v.InferOutput<typeof pass>;

/** Null for text that is no such document. */
export function readPass(text: string): ToldPass | null {
  try {
    const parsed = v.safeParse(pass, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

const marks = { ok: '✓', failed: '✗', skipped: '–', planned: '·' } as const;

/** One line an action: what, to whom, why. */
export function passLines({ actions }: ToldPass, now: Date): string {
  return table(
    actions.map(({ kind, agent, why, evidence, result, error }) => [
      `${marks[result]} ${kind}`,
      agent,
      error === null ? reasonText(why) : `${reasonText(why)}; ${error}`,
      evidenceText(evidence, now),
    ]),
  ).join('\n');
}
