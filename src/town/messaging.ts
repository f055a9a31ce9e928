import { exitStatus, Failure } from '../exit.ts';
import { readJson } from '../persist/json.ts';
import { isObject } from './settings-problem.ts';

/**
 * What `config/messaging.json` says of a list or a channel (spec/agents.md §2.4): addresses, or patterns of them. Null where it
 * says nothing of it. That it cannot be read is a {@link Failure} (65).
 */
export function messagingEntry(
  root: string,
  kind: 'lists' | 'nudge_channels',
  name: string,
): readonly string[] | null {
  const file = `${root}/config/messaging.json`;
  const read = readJson(file);
  if (read.kind === 'unreadable' || read.kind === 'invalid') {
    const why = read.kind === 'invalid' ? read.reason : `cannot be read: ${read.message}`;
    throw new Failure(
      'messaging-unreadable',
      exitStatus.data,
      `${file} ${why}: nobody can tell who ${JSON.stringify(name)} is.`,
      'gt mail send --help',
    );
  }
  const entries = read.kind === 'ok' && isObject(read.value) ? read.value[kind] : undefined;
  const entry = isObject(entries) && Object.hasOwn(entries, name) ? entries[name] : undefined;
  return Array.isArray(entry) ? entry.filter((one) => typeof one === 'string') : null;
}
