import { exitStatus, Failure } from '../../exit.ts';
import { messagingEntry } from '../../town/messaging.ts';

/**
 * The addresses that `list:X` stands for in `config/messaging.json`, lists in it too (spec/agents.md §2.4); any other address
 * stands for itself. Throws a {@link Failure} (exit 1) for a list that is not there, and for upstream's queues.
 */
export function addressesOf(
  address: string,
  root: string,
  around: readonly string[] = [],
): readonly string[] {
  const [, kind, name = ''] = /^(list|queue|announce):(.*)$/s.exec(address.trim()) ?? [];
  if (kind === undefined) return [address];
  if (kind !== 'list') {
    const [message, hint] =
      kind === 'queue'
        ? ['There are no queues here: work for whoever takes it is written down.', 'gt work add --help']
        : ['There are no announcements here: a group or a list reaches several.', 'gt mail send --help'];
    throw new Failure('unknown-recipient', exitStatus.failed, message, hint);
  }
  if (around.includes(name)) return [];
  const members = messagingEntry(root, 'lists', name);
  if (members === null) {
    const message = `There is no list ${JSON.stringify(name)} in ${root}/config/messaging.json.`;
    throw new Failure('unknown-recipient', exitStatus.failed, message, 'gt mail send --help');
  }
  const all = members.flatMap((member) => addressesOf(member, root, [...around, name]));
  if (all.length > 0 || around.length > 0) return all;
  const message = `no recipients found for list: ${name}`;
  throw new Failure('no-recipients', exitStatus.failed, message, 'gt mail send --help');
}
