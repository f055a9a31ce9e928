import type { Mailbox } from '../../model/message.ts';

/** Where a command runs and with which environment; all that tells who runs it. */
export interface Asked {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute, symbolic links resolved. */
  readonly cwd: string;
}

/**
 * Who writes mail here, and whose inbox is read by default (spec/agents.md §2.3.1): by `GT_ROLE`, else by the directory,
 * else `overseer`, the human. A role without its rig or name takes them from the directory; the dashed values that old
 * restarts set (`proj-witness`) mean their roles. Imports nothing: `gt mail check --inject` runs on every prompt.
 */
export function senderOf(root: string, { env, cwd }: Asked): string {
  const role = (env.GT_ROLE ?? '').trim();
  const place = placeOf(root, cwd);
  if (role === 'mayor' || role === 'mayor/') return 'mayor/';
  if (role === 'deacon' || role === 'deacon/') return 'deacon/';
  if (role.includes('/')) return role.replace(/\/+$/, '');
  const rig = env.GT_RIG || place.rig;
  switch (role) {
    case 'witness':
    case 'refinery':
      return rig === '' ? place.sender : `${rig}/${role}`;
    case 'polecat': {
      const name = env.GT_POLECAT || (place.kind === 'polecats' ? place.name : '');
      return rig === '' || name === '' ? place.sender : `${rig}/polecats/${name}`;
    }
    case 'crew': {
      const name = env.GT_CREW || (place.kind === 'crew' ? place.name : '');
      return rig === '' || name === '' ? place.sender : `${rig}/crew/${name}`;
    }
    default:
      return dashed(role) ?? place.sender;
  }
}

/** The mailbox of a sender. */
export function boxOfSender(sender: string): Mailbox {
  const [rig, kind, name] = sender.split('/');
  return name !== undefined && name !== '' && (kind === 'crew' || kind === 'polecats')
    ? `${rig}/${name}`
    : sender.replace(/\/$/, '');
}

interface Standing {
  readonly rig: string;
  readonly kind: string;
  readonly name: string;
  readonly sender: string;
}

function placeOf(root: string, cwd: string): Standing {
  const inside = cwd.startsWith(`${root}/`) ? cwd.slice(root.length + 1) : '';
  const [rig = '', kind = '', name = ''] = inside.split('/');
  return {
    rig: isRigPart(kind) ? rig : '',
    kind,
    name,
    sender: standingSender(rig, kind, name),
  };
}

function isRigPart(kind: string): boolean {
  return ['crew', 'polecats', 'witness', 'refinery', 'mayor'].includes(kind);
}

function standingSender(rig: string, kind: string, name: string): string {
  if ((kind === 'crew' || kind === 'polecats') && name !== '') return `${rig}/${kind}/${name}`;
  if (kind === 'witness' || kind === 'refinery') return `${rig}/${kind}`;
  return 'overseer';
}

function dashed(role: string): string | null {
  const [, rig, kind] = /^(.+)-(witness|refinery)$/.exec(role) ?? [];
  if (rig !== undefined) return `${rig}/${kind}`;
  const [, home, workers, name] = /^(.+?)-(crew|polecat)-(.+)$/.exec(role) ?? [];
  return home === undefined ? null : `${home}/${workers === 'crew' ? 'crew' : 'polecats'}/${name}`;
}
