import { existsSync } from 'node:fs';
import { exitStatus } from '../../exit.ts';
import { readJson } from '../../persist/json.ts';
import { withSnakeKeys } from '../../persist/key-case.ts';
import { jsonText } from '../../show/json.ts';
import { type Health, townStatus } from '../../show/status.ts';
import { type Overseer, statusDocument } from '../../show/status-document.ts';
import { statusText } from '../../show/status-text.ts';
import { findTown } from '../../town/find.ts';
import { type Layout, layout } from '../../town/layout.ts';
import { type Context, styleFor } from '../context.ts';
import { atWorkText } from './look-state.ts';
import { seeTown } from './town-sight.ts';

export interface StatusOptions {
  readonly town?: string | undefined;
  readonly watch?: boolean | undefined;
  readonly json: boolean;
}

/** `gt status`: one look at the town, one tmux client for any number of agents. Writes nothing. */
export async function statusCommand({ town, json, watch }: StatusOptions, context: Context): Promise<number> {
  const at = layout(findTown({ town, env: context.env, cwd: context.cwd, reading: true }));
  if (watch === true) {
    const { watchStatus } = await import('./status-watch.ts');
    return watchStatus(() => look(at, json, context), json, context);
  }
  const { text, exit } = await look(at, json, context);
  context.stdout(text);
  return exit;
}

async function look(at: Layout, json: boolean, context: Context): Promise<{ text: string; exit: number }> {
  const { now, loaded, sight, plan, lock, last, nextDueAt } = await seeTown(at, context);
  const { snapshot } = sight;
  const status = townStatus({
    name: townName(at),
    root: at.root,
    now,
    snapshot,
    state: loaded.state,
    plan,
    last,
    nextDueAt,
    atWork: atWorkText(lock, now),
    mail: sight.mail,
    warnings: [...loaded.warnings, ...sight.warnings].map(({ message }) => message),
  });
  const rigs = snapshot.rigs.known ? snapshot.rigs.value : [];
  const places = (rig: string) => ({
    hasWitness: existsSync(`${at.root}/${rig}/witness/state.json`),
    hasRefinery: existsSync(`${at.root}/${rig}/refinery/rig`),
  });
  const text = json
    ? jsonText(withSnakeKeys(statusDocument(status, rigs, places, overseer(at)), othersKeys))
    : statusText(status, styleFor(context));
  return { text, exit: exitOf[status.health] };
}

/** What this holds is named by whoever made it. */
const othersKeys = new Set(['details']);

/** As service managers have it (design/anchors.md §6.1). */
const exitOf: Readonly<Record<Health, number>> = {
  healthy: exitStatus.done,
  degraded: 1,
  late: 2,
  unknown: 3,
};

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
