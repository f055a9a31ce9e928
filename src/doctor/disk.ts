import { statfsSync } from 'node:fs';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined, Finding } from './finding.ts';

/** Room on the town's disk for an ordinary user; `files` is 0 where the file system does not count them. */
export interface DiskSeen {
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly freeFiles: number;
  readonly files: number;
}

const megabyte = 1024 * 1024;

export const examineDisk: Examine = ({ layout }) => {
  const { bavail, blocks, bsize, ffree, files } = statfsSync(layout.root);
  return judgeDisk(
    { freeBytes: bavail * bsize, totalBytes: blocks * bsize, freeFiles: ffree, files },
    layout.root,
  );
};

/** A town writes little, but its agents write much, and a full disk stops every pass. */
export function judgeDisk({ freeBytes, totalBytes, freeFiles, files }: DiskSeen, town: string): Examined {
  const findings: Finding[] = [];
  const share = totalBytes === 0 ? 1 : freeBytes / totalBytes;
  const free = `${Math.floor(freeBytes / megabyte)} MB`;
  if (freeBytes < 64 * megabyte || (share < 0.05 && freeBytes < 1024 * megabyte)) {
    const message = `Only ${free} are free on the disk of ${town}. When it is full no pass can save its state, and none acts.`;
    findings.push({ code: 'disk-low', message, since: null, remedy: `df -h ${shellWord(town)}` });
  }
  if (files > 0 && freeFiles < 1000) {
    const message = `Only ${freeFiles} more files can be made on the disk of ${town}.`;
    findings.push({ code: 'files-low', message, since: null, remedy: `df -i ${shellWord(town)}` });
  }
  return { name: 'disk', saw: `${free} free (${Math.round(share * 100)} %)`, findings };
}
