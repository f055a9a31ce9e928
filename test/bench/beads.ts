import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../../src/store/beads/program.ts';
import { layout } from '../../src/town/layout.ts';
import { type Bd, bdCache, builtBd } from '../rig/bd.ts';
import { copyStore } from '../rig/beads-town.ts';
import type { Measured } from './command.ts';
import { programsStarted } from './count.ts';
import { type BenchTown, benchTown, listPanes } from './town.ts';
import { costs } from './wall.ts';

const rigCount = 100;
const polecats = 9;

/** What a due tick costs in a town that lives in beads, against what no pass could do without. */
export interface BeadsCost {
  readonly version: string;
  readonly stores: number;
  readonly agents: number;
  /** `bd` and other programs that one tick started. */
  readonly bd: number;
  readonly others: number;
  /** Median wall time and processor time in milliseconds: of the tick, and of the irreducible reads in the same run. */
  readonly tick: Cost;
  readonly floor: Cost;
  readonly node: Cost;
}

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Null where this `bd` was not built. */
export async function measureBeads(
  gtFile: string,
  { version, perRig, rounds }: { version: string; perRig: boolean; rounds: number },
): Promise<BeadsCost | null> {
  const bd = builtBd(version);
  if (bd === null) return null;
  const stores: string[] = [];
  const town = await benchTown(gtFile, rigCount, {
    polecats,
    program: bd.dir,
    more: bdCache,
    furnish: (root, rigs, env) => stores.push(...furnish(bd, root, rigs, perRig, env)),
  });
  try {
    const tick = town.gt(['tick'], town.becomeDue);
    const cost = costs(
      {
        tick,
        floor: floorOf(town, stores),
        node: { ...town.gt([]), argv: [process.execPath, '-e', '0'] },
      },
      rounds,
    );
    const programs = programsStarted(tick);
    const bdCalls = programs.filter((file) => file.endsWith('/bd')).length;
    return {
      version,
      stores: stores.length,
      agents: town.agents,
      bd: bdCalls,
      others: programs.length - bdCalls - programs.filter((file) => file.endsWith('/git')).length,
      tick: cost('tick'),
      floor: cost('floor'),
      node: cost('node'),
    };
  } finally {
    town.close();
  }
}

/** Records of all agents, in the town's beads or in those of their rigs; the `.beads` directories. */
function furnish(
  bd: Bd,
  root: string,
  rigs: readonly string[],
  perRig: boolean,
  env: Measured['env'],
): readonly string[] {
  const places = perRig ? [root, ...rigs.map((rig) => join(root, rig))] : [root];
  for (const place of places) copyStore(bd, 'gr', place);
  mkdirSync(join(root, 'daemon'), { recursive: true });
  for (const place of places) {
    const own = perRig ? rigs.filter((rig) => place === join(root, rig)) : rigs;
    const records = own.flatMap((rig) => [
      record(rig, 'witness'),
      ...Array.from({ length: polecats }, (_, index) => record(rig, `polecat-nux${index}`)),
    ]);
    if (records.length > 0) importInto(place, records, env);
  }
  // A busy machine is to be measured too, not to run out of time.
  const { settingsFile } = layout(root);
  const settings = JSON.parse(readFileSync(settingsFile, 'utf8'));
  settings.tick.budgets = { ...settings.tick.budgets, pass: '10m' };
  writeFileSync(settingsFile, JSON.stringify(settings));
  const routes = perRig ? rigs.map((rig) => ({ prefix: `gr-${rig}-`, path: rig })) : [];
  for (const route of [{ prefix: 'gr-', path: '.' }, ...routes])
    appendFileSync(join(root, '.beads/routes.jsonl'), `${JSON.stringify(route)}\n`);
  return places.map((place) => join(place, '.beads'));
}

/** An agent's record in the form upstream's tools write (spec/agents.md §7.6). */
function record(rig: string, name: string): object {
  const id = `gr-${rig}-${name}`;
  const lines = [
    'agent_state: working',
    'hook_bead: null',
    'cleanup_status: clean',
    'notification_level: null',
  ];
  const at = new Date(Date.now() - 60_000).toISOString();
  return {
    id,
    title: id,
    description: [id, '', `role_type: ${name.split('-')[0]}`, `rig: ${rig}`, ...lines].join('\n'),
    status: 'open',
    priority: 2,
    issue_type: 'agent',
    created_at: at,
    created_by: 'mayor/',
    updated_at: at,
  };
}

function importInto(place: string, records: readonly object[], env: Measured['env']): void {
  const file = join(place, 'import.jsonl');
  writeFileSync(file, records.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const ran = spawnSync('bd', ['--no-daemon', 'import', '-i', file], {
    cwd: place,
    env: environment(env, join(place, '.beads')),
    encoding: 'utf8',
  });
  if (ran.status !== 0) throw new Error(`bd import ended with ${ran.status}: ${ran.stderr}`);
}

/** Node, one listing of tmux, one of each store, as many at once as a pass asks; what comes back is not even looked at. */
function floorOf(town: BenchTown, stores: readonly string[]): Measured {
  const { env } = town.gt([]);
  const [file, ...args] = town.tmux(listPanes).argv;
  const script = `
    const { spawn } = require('node:child_process');
    const run = (file, args, env, cwd) => new Promise((resolve, reject) => {
      const child = spawn(file, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.on('data', () => {});
      child.on('close', (status) => (status === 0 ? resolve() : reject(new Error(file + ' ' + status))));
    });
    const stores = ${JSON.stringify(stores.map((store) => ({ env: environment(env, store), cwd: join(store, '..') })))};
    const worker = async () => {
      for (let next = stores.shift(); next; next = stores.shift())
        await run('bd', ['--no-daemon', 'list', '--json', '--limit', '0'], next.env, next.cwd);
    };
    Promise.all([run(${JSON.stringify(file)}, ${JSON.stringify(args)}, process.env), worker(), worker(), worker(), worker()]);
  `;
  return { argv: [process.execPath, '-e', script], env, exits: [0] };
}
