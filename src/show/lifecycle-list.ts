import type { AgentId } from '../model/agent.ts';
import type { RequestAction } from '../model/request.ts';
import { oneLine } from './printable.ts';
import { table } from './table.ts';
import { momentText } from './time.ts';

/** A lifecycle request and where it stands, as `gt lifecycle list --json` prints it. Times are RFC 3339. */
export interface ListedRequest {
  readonly id: string;
  /** Whom it is about; null when that cannot be told. */
  readonly agent: AgentId | null;
  readonly action: RequestAction | null;
  readonly from: string;
  readonly asked_at: string | null;
  readonly age_seconds: number | null;
  /** For one that waits: whether its agent's own flag confirms it; null when that is unknown. */
  readonly confirmed: boolean | null;
  /** For a settled one: what became of it, and why. */
  readonly outcome: string | null;
  readonly reason: string | null;
  /** Who claimed or settled it, and when. */
  readonly by: string | null;
  readonly at: string | null;
}

export interface ListedRequests {
  readonly waiting: readonly ListedRequest[];
  readonly claimed: readonly ListedRequest[];
  readonly settled: readonly ListedRequest[];
}

/** The same for people. */
export function requestsText({ waiting, claimed, settled }: ListedRequests, now: Date): string {
  const sections = [
    section('Waiting', waiting, now, ({ confirmed }) =>
      confirmed === false ? 'its agent has not confirmed it' : 'the next tick answers it',
    ),
    section('Being carried out', claimed, now, ({ by }) => `by ${oneLine(by ?? 'somebody')}`),
    section('Settled', settled, now, ({ outcome, reason }) =>
      [outcome ?? 'settled', ...(reason === null ? [] : [oneLine(reason)])].join(': '),
    ),
  ].filter((text) => text !== '');
  return sections.length === 0 ? 'Nobody has asked for anything.\n' : sections.join('\n');
}

function section(
  title: string,
  requests: readonly ListedRequest[],
  now: Date,
  what: (request: ListedRequest) => string,
): string {
  if (requests.length === 0) return '';
  const rows = requests.map((request) => [
    request.id,
    request.action ?? '?',
    request.agent ?? '?',
    `from ${oneLine(request.from, 60)}`,
    request.asked_at === null ? 'undated' : momentText(new Date(request.asked_at), now),
    what(request),
  ]);
  const lines = table(rows).map((line) => `  ${line}\n`);
  return `${title} (${requests.length}):\n${lines.join('')}`;
}
