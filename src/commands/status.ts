import { existsSync } from 'node:fs';
import { decide } from '../decide/decide.ts';
import { askGate } from '../due.ts';
import { exitStatus } from '../exit.ts';
import { readClock } from '../observe/clock.ts';
import { readJson } from '../persist/json.ts';
import { readLockOwner } from '../persist/lock-standing.ts';
import { readRun } from '../persist/run-file.ts';
import { loadState } from '../persist/state.ts';
import { jsonText } from '../show/json.ts';
import { type Health, townStatus } from '../show/status.ts';
import { type Overseer, statusDocument } from '../show/status-document.ts';
import { statusText } from '../show/status-text.ts';
import { findTown } from '../town/find.ts';
import { type Layout, layout } from '../town/layout.ts';
import { type Context, styleFor } from './context.ts';
import { lookAround } from './sight.ts';

export interface StatusOptions {
  readonly town?: string | undefined;
  readonly json: boolean;
}

/** `gt status`: one look at the town, one tmux client for any number of agents. Writes nothing. */
export async function statusCommand({ town, json }: StatusOptions, context: Context): Promise<number> {
  const at = layout(findTown({ town, env: context.env, cwd: context.cwd }));
  const now = readClock({ env: context.env, testMarker: at.testMarker });
  const loaded = loadState(at, { look: true });
  const sight = await lookAround(at, now, loaded.state, context);
  const { snapshot, config } = sight;
  const plan = decide(snapshot, loaded.state, config, {
    pass: 'status',
    careful: loaded.careful,
    only: null,
    part: 'all',
  });
  const run = readRun(at);
  const next = askGate(at.root, now.wall, now.boot).at;
  const status = townStatus({
    name: townName(at),
    root: at.root,
    now: new Date(now.wall),
    snapshot,
    state: loaded.state,
    plan,
    last: run.kind === 'ok' ? run.value : null,
    nextDueAt: next === null ? null : new Date(next),
    atWork: atWork(at),
    warnings: [...loaded.warnings, ...sight.warnings].map(({ message }) => message),
  });
  const rigs = snapshot.rigs.known ? snapshot.rigs.value : [];
  const places = (rig: string) => ({
    hasWitness: existsSync(`${at.root}/${rig}/witness/state.json`),
    hasRefinery: existsSync(`${at.root}/${rig}/refinery/rig`),
  });
  context.stdout(
    json
      ? jsonText(statusDocument(status, rigs, places, overseer(at)))
      : statusText(status, styleFor(context)),
  );
  return exitOf[status.health];
}

/** As service managers have it (design/anchors.md §6.1). */
const exitOf: Readonly<Record<Health, number>> = {
  healthy: exitStatus.done,
  degraded: 1,
  late: 2,
  unknown: 3,
};

function atWork({ lockFile }: Layout): string | null {
  const status = readLockOwner(lockFile);
  return status.kind === 'free' ? null : status.message;
}

function townName({ townFile, root }: Layout): string {
  return textIn(objectIn(townFile), 'name') || (root.split('/').at(-1) ?? root);
}

function overseer({ root }: Layout): Overseer | null {
  const value = objectIn(`${root}/mayor/overseer.json`);
  const name = textIn(value, 'name');
  if (name === '') return null;
  return {
    name,
    email: textIn(value, 'email'),
    username: textIn(value, 'username'),
    source: textIn(value, 'source'),
  };
}

function objectIn(path: string): object {
  const read = readJson(path);
  return read.kind === 'ok' && typeof read.value === 'object' && read.value !== null ? read.value : {};
}

function textIn(value: object, key: string): string {
  const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof found === 'string' ? found : '';
}
