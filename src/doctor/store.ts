import { storeAsked, storeKind } from '../store/kind.ts';
import { readOverview } from '../store/overview.ts';
import type { Answer, Overview } from '../store/port.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined } from './finding.ts';

export const examineStore: Examine = async ({ layout: { root }, env, path, now }) => {
  const asked = storeKind(root, storeAsked(root));
  return judgeStore(await readOverview(root, { env, path, now, asked }), root, asked);
};

/** Mail, records and work, in the store that the town uses: can they be read, and is anything of them damaged? */
export function judgeStore(answer: Answer<Overview>, town: string, kind: 'files' | 'beads'): Examined {
  const remedy =
    kind === 'files' ? `ls -la ${shellWord(`${town}/mail`)}` : `cd ${shellWord(town)} && bd list --limit 1`;
  const warnings = answer.known ? answer.value.warnings : (answer.warnings ?? []);
  const words = warnings.map(({ code, message }) => ({ code, message, since: null, remedy }));
  if (answer.known) return { name: 'store', saw: `${kind}, readable`, findings: words };
  const message = `The store cannot be read: ${answer.reason}.`;
  const unread = { code: 'store-unreadable', message, since: null, remedy };
  return { name: 'store', saw: kind, findings: [unread, ...words] };
}
