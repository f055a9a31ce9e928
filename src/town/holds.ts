import { readdirSync, statSync } from 'node:fs';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { Hold } from '../model/rig.ts';
import { errnoOf, inWords } from '../persist/io-failure.ts';
import { readJson } from '../persist/json.ts';
import { readFileBytes } from '../persist/read-file.ts';
import { readHoldsFile } from './holds-file.ts';
import type { Layout } from './layout.ts';
import { disabledPatrols } from './patrols.ts';
import { isObject } from './settings-problem.ts';

/**
 * The holds in force at `nowMs` (milliseconds since 1970): an `ESTOP` file, `daemon/holds.json`, and what upstream's
 * programs leave (a parked or docked rig's status file, a disabled patrol; spec/tick.md §2.1). Unknown when any of it
 * cannot be read for the whole town; a single rig's unreadable status holds that rig. `rigs` are the town's, if known.
 */
export function readHolds(
  layout: Layout,
  nowMs: number,
  rigs: readonly string[] = [],
): Fact<readonly Hold[]> {
  const estop = readEstop(layout.estopFile);
  if (!estop.known) return estop;
  const written = readHoldsFile(layout.holdsFile);
  if (!written.known) return written;
  const statuses = readStatuses(`${layout.root}/.beads-wisp/config`);
  if (!statuses.known) return statuses;
  const patrols = disabledPatrols(layout, rigs);
  if (!patrols.known) return patrols;
  const lasting = written.value.filter(({ until }) => until === null || Date.parse(until) > nowMs);
  return known([...estop.value, ...lasting, ...statuses.value, ...patrols.value]);
}

/** Whatever is called `ESTOP`, whoever made it, stops the town; its first line is the reason. */
function readEstop(file: string): Fact<readonly Hold[]> {
  let since: string;
  try {
    since = statSync(file).mtime.toISOString();
  } catch (error) {
    const code = errnoOf(error);
    return code === 'ENOENT' && readFileBytes(file, 0).kind === 'absent'
      ? known([])
      : unknown(`${file} cannot be looked at: ${inWords(code)}`);
  }
  const read = readFileBytes(file, 64 * 1024);
  const text = read.kind === 'ok' ? read.bytes.toString('utf8') : '';
  const [first = ''] = text.trimStart().split(/[\r\n]/, 1);
  const reason = first
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, '')
    .slice(0, 200)
    .trim();
  return known([
    { target: '*', kind: 'estop', reason: reason || 'no reason given', by: file, since, until: null },
  ]);
}

/** `.beads-wisp/config/<rig>.json`: `values.status` parked or docked, `values.auto_restart` false. */
function readStatuses(directory: string): Fact<readonly Hold[]> {
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    const code = errnoOf(error);
    return code === 'ENOENT' ? known([]) : unknown(`${directory} cannot be listed: ${inWords(code)}`);
  }
  return known(
    names
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .sort()
      .flatMap((name) => statusHold(`${directory}/${name}`, name.slice(0, -'.json'.length))),
  );
}

function statusHold(file: string, rig: string): readonly Hold[] {
  const hold = (kind: Hold['kind'], reason: string): Hold => ({
    target: rig,
    kind,
    reason,
    by: file,
    since: null,
    until: null,
  });
  const read = readJson(file);
  if (read.kind === 'absent') return [];
  if (read.kind === 'unreadable')
    return [hold('hold', `whether it is parked cannot be read: ${read.message}`)];
  if (read.kind === 'invalid')
    return [hold('hold', `whether it is parked is unknown: the file ${read.reason}`)];
  const values = isObject(read.value) ? read.value.values : undefined;
  if (!isObject(read.value) || (values !== undefined && values !== null && !isObject(values))) {
    return [hold('hold', 'whether it is parked is unknown: the file is not a rig status')];
  }
  const { status, auto_restart } = isObject(values) ? values : {};
  if (status === 'parked' || status === 'docked') return [hold('parked', status)];
  return auto_restart === false ? [hold('hold', 'auto_restart is off')] : [];
}
