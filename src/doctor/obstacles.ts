import type { Obstacle } from '../model/snapshot.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined } from './finding.ts';

/** What keeps every pass from acting, besides tmux itself: a second keeper, a town that moved away from its server. */
export const examineObstacles: Examine = ({ snapshot, blind, layout }) =>
  judgeObstacles(snapshot?.obstacles ?? [], blind, layout.root);

/** Their messages name what to do; tmux has an examination of its own. */
export function judgeObstacles(obstacles: readonly Obstacle[], blind: string | null, town: string): Examined {
  const remedy = `gt status --town ${shellWord(town)}`;
  const unseen = blind === null ? [] : [{ code: 'not-looked-at', message: blind, since: null, remedy }];
  const others = obstacles
    .filter(({ code }) => !['tmux-missing', 'tmux-not-answering'].includes(code))
    .map(({ code, message }) => ({ code, message, since: null, remedy: commandIn(message) ?? remedy }));
  const findings = [...unseen, ...others];
  return {
    name: 'keepers',
    saw: findings.length === 0 ? 'nobody else keeps this town' : 'passes are held up',
    findings,
  };
}

/** Obstacles end with the command that ends them. */
function commandIn(message: string): string | null {
  return /: ((?:kill|mkdir) [^:]+?)\.?$/.exec(message)?.[1] ?? null;
}
