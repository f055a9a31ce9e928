import { counted } from '../model/counted.ts';
import type { Warning } from '../model/snapshot.ts';
import { mailboxes } from '../store/files/entries.ts';
import { openFiles } from '../store/files/open.ts';
import { placeOf } from '../store/files/place.ts';
import { storeAsked, storeKind } from '../store/kind.ts';
import { readOverview } from '../store/overview.ts';
import type { Answer, Overview } from '../store/port.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined } from './finding.ts';

/** So many messages are named. */
const most = 20;

export const examineStore: Examine = async ({ layout: { root }, env, path, now }) => {
  const asked = storeKind(root, storeAsked(root));
  const answer = await readOverview(root, { env, path, now, asked });
  if (!answer.known || asked !== 'files') return judgeStore(answer, root, asked);
  const { warnings, ...value } = answer.value;
  const all = [...warnings, ...(await mailTrouble(root, now))];
  const distinct = [...new Map(all.map((warning) => [warning.message, warning])).values()];
  return judgeStore({ known: true, value: { ...value, warnings: distinct } }, root, asked);
};

/** A pass counts mail by its files' names; here each is opened once. */
async function mailTrouble(root: string, now: number): Promise<readonly Warning[]> {
  const { mail } = openFiles(root, { now: () => now });
  const boxes = await Promise.all(mailboxes(placeOf(root)).map((mailbox) => mail.inbox(mailbox)));
  const found = boxes.flatMap((box) =>
    box.known ? box.value.warnings : [{ code: 'mail-unreadable', message: box.reason }],
  );
  const more = found.length - most;
  const rest = `There ${more === 1 ? 'is' : 'are'} ${counted(more, 'more such message')}.`;
  return [...found.slice(0, most), ...(more > 0 ? [{ code: 'mail-unreadable', message: rest }] : [])];
}

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
