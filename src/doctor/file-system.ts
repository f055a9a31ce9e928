import { readFileSync } from 'node:fs';
import { shellWord } from '../town/shell-word.ts';
import type { Examine, Examined } from './finding.ts';

export const examineFileSystem: Examine = ({ layout }) => {
  let mounts = '';
  try {
    mounts = readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    // Only Linux tells.
  }
  return judgeFileSystem(kindOf(mounts, layout.root), layout.root);
};

/**
 * Locks and renames are only as good as the file system. On one that several machines share, two ticks may both believe
 * that they are alone; Windows' own below WSL keeps no rights.
 */
export function judgeFileSystem(kind: string | null, town: string): Examined {
  const saw = kind ?? 'of an unknown kind';
  if (kind === null || !shared.test(kind)) return { name: 'file system', saw, findings: [] };
  const message = `${town} is on a file system that other machines can reach (${kind}): a tick elsewhere could not be seen from here. Move the town to a local disk.`;
  return {
    name: 'file system',
    saw,
    findings: [{ code: 'file-system-shared', message, since: null, remedy: `df -T ${shellWord(town)}` }],
  };
}

const shared =
  /^(nfs\d?|cifs|smb\d?|smbfs|ncpfs|afs|9p|ceph|lustre|gpfs|gfs2?|ocfs2|glusterfs|beegfs|orangefs|drvfs|v9fs|fuse\.(sshfs|glusterfs|ceph|s3fs|rclone|gcsfuse|davfs2?|smbnetfs))$/;

/** The type of the mount that holds a path, from `/proc/self/mountinfo` (proc(5)); null where it does not tell. */
export function kindOf(mountinfo: string, path: string): string | null {
  let best: { point: string; kind: string } | null = null;
  for (const line of mountinfo.split('\n')) {
    const [before = '', after] = line.split(' - ');
    const [kind] = after?.split(' ') ?? [];
    const point = before
      .split(' ')[4]
      ?.replaceAll(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
    if (kind === undefined || point === undefined) continue;
    const holds = point === '/' || path === point || path.startsWith(`${point}/`);
    // A later mount hides an earlier one at the same place.
    if (holds && (best === null || point.length >= best.point.length)) best = { point, kind };
  }
  return best?.kind ?? null;
}
