import { readOverview } from '../store/overview.ts';
import type { Answer, Overview } from '../store/port.ts';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined } from './finding.ts';

export const examineStore: Examine = async ({ layout }) =>
  judgeStore(await readOverview(layout.root), layout.root);

/** Mail, records and work: can they be read, and is anything of them damaged? */
export function judgeStore(answer: Answer<Overview>, town: string): Examined {
  const remedy = `ls -la ${shellWord(`${town}/mail`)}`;
  if (!answer.known) {
    const message = `The store cannot be read: ${answer.reason}.`;
    return {
      name: 'store',
      saw: 'files',
      findings: [{ code: 'store-unreadable', message, since: null, remedy }],
    };
  }
  return {
    name: 'store',
    saw: 'files, readable',
    findings: answer.value.warnings.map(({ code, message }) => ({ code, message, since: null, remedy })),
  };
}
