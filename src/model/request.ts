/** What an agent can ask the keeper to do with it. `stop` is another word for `shutdown`. */
export type RequestAction = 'cycle' | 'restart' | 'shutdown';

/** A lifecycle mail, read. Whether its agent exists and may be asked for is a question for the town. */
export type ParsedRequest =
  | {
      readonly kind: 'request';
      readonly action: RequestAction;
      /** The agent as it is spelled in the request, or the sender when the request names nobody. */
      readonly agent: string;
      /** Every other spelling the request names; all must mean the same agent. */
      readonly alsoNamed: readonly string[];
      readonly sender: string;
      /** When its flag was raised, as the request itself says; null when it does not. */
      readonly raised: string | null;
    }
  | Refusal
  | { readonly kind: 'not-a-request' };

/** Why a request is not carried out. */
export interface Refusal {
  readonly kind: 'refused';
  /** A stable slug: `unparseable`, `unknown-action`, `contradiction`, `unknown-agent`, `too-old` … */
  readonly why: string;
  /** One sentence of ours for the sender: what was wrong. Carries none of the sender's words. */
  readonly sentence: string;
}

export function refused(why: string, sentence: string): Refusal {
  return { kind: 'refused', why, sentence };
}
