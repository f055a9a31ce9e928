import { rmSync, statSync } from 'node:fs';
import type { Warning } from '../../model/snapshot.ts';
import type { Answer } from '../port.ts';
import { readEntry } from './boxes.ts';
import { makeDir, moveFile, namesIn } from './disk.ts';
import { entriesIn, mailboxes } from './entries.ts';
import { boxOf, type Place, placeOf } from './place.ts';
import { answer } from './trouble.ts';

const leftoverMs = 60 * 60 * 1000;

/**
 * House-keeping under the tick's lock: removes what killed senders left half written an hour ago, and moves what lies in
 * a mailbox and is no message into `bad`, where it warns nobody again. A message is never touched.
 */
export function sweepFiles(root: string, now: number): Promise<Answer<readonly Warning[]>> {
  const place = placeOf(root);
  return answer('mail could not be tidied', () => {
    for (const dir of [place.agents, place.openWork, place.closedWork])
      removeOld(dir, now, (file) => file.startsWith('.'));
    return mailboxes(place).flatMap((mailbox) => {
      removeOld(boxOf(place, mailbox).tmp, now, () => true);
      return setAside(place, mailbox);
    });
  });
}

function removeOld(dir: string, now: number, ours: (file: string) => boolean): void {
  for (const file of namesIn(dir).filter(ours)) {
    const stat = statSync(`${dir}/${file}`, { throwIfNoEntry: false });
    if (stat?.isFile() && now - stat.mtimeMs > leftoverMs) rmSync(`${dir}/${file}`, { force: true });
  }
}

function setAside(place: Place, mailbox: string): readonly Warning[] {
  const box = boxOf(place, mailbox);
  const foreign: string[] = [];
  const entries = entriesIn(box.new, (path) => foreign.push(path));
  const damaged = entries.filter((entry) => readEntry(entry).kind === 'bad').map((entry) => entry.path);
  return [...foreign, ...damaged].flatMap((path) => {
    makeDir(box.bad);
    const aside = `${box.bad}/${path.slice(box.new.length + 1)}`;
    if (statSync(aside, { throwIfNoEntry: false }) !== undefined || !moveFile(path, aside)) return [];
    return [
      {
        code: 'mail-set-aside',
        message: `${JSON.stringify(path)} is not a message; it is now ${JSON.stringify(aside)}`,
      },
    ];
  });
}
