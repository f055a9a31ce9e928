import type { Mailbox } from '../../model/message.ts';
import { encodeName } from './names.ts';

/** Where the files store keeps things below a town's root. Nothing here reads or writes. */
export interface Place {
  readonly mail: string;
  readonly agents: string;
  readonly openWork: string;
  readonly closedWork: string;
}

export function placeOf(root: string): Place {
  return {
    mail: `${root}/mail`,
    agents: `${root}/store/agents`,
    openWork: `${root}/store/work/open`,
    closedWork: `${root}/store/work/closed`,
  };
}

/** One mailbox. A message is in exactly one of `new`, `claimed` and `done`, and only ever moves between them by rename. */
export interface Box {
  readonly dir: string;
  /** Being written; nothing here was delivered. */
  readonly tmp: string;
  readonly new: string;
  readonly claimed: string;
  readonly done: string;
  /** Files that were in `new` and are no messages. */
  readonly bad: string;
}

export function boxOf(place: Place, mailbox: Mailbox): Box {
  const dir = `${place.mail}/${encodeName(mailbox)}`;
  return {
    dir,
    tmp: `${dir}/tmp`,
    new: `${dir}/new`,
    claimed: `${dir}/claimed`,
    done: `${dir}/done`,
    bad: `${dir}/bad`,
  };
}
