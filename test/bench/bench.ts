import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type BeadsCost, measureBeads } from './beads.ts';
import type { Measured } from './command.ts';
import { effects, instructions, peakMemory } from './count.ts';
import { type BenchTown, benchTown, listPanes } from './town.ts';
import { medians } from './wall.ts';

/**
 * Measures `gt` against the floor, `node -e 0` and one `tmux list-panes`, in the same run, and writes the table to
 * test/bench/RESULTS.md. Run by `npm run bench`; `GT_BENCH_DIST` names another build, `GT_BENCH_OUT` another file.
 */
const gtFile = resolve(process.env.GT_BENCH_DIST ?? 'dist', 'gt.cjs');
const out = process.env.GT_BENCH_OUT ?? join('test', 'bench', 'RESULTS.md');
const sizes = [3, 50, 300, 1000];
const rounds = 30;

type Row = readonly string[];

function bareNode(town: BenchTown): Measured {
  return { ...town.gt([]), argv: [process.execPath, '-e', '0'] };
}

/** One size of town: a due pass in which everybody is well, and what people and agents run. */
function measureTown(town: BenchTown): {
  readonly wall: Row;
  readonly counts: Row;
  readonly perAgent: number;
  readonly ms: number;
} {
  say(`${town.agents} agents`);
  const due = town.gt(['tick'], town.becomeDue);
  const ms = medians(
    {
      node: bareNode(town),
      list: town.tmux(listPanes),
      due,
      dryRun: town.gt(['tick', '--dry-run']),
      status: town.gt(['status', '--json']),
      heartbeat: town.gt(['deacon', 'heartbeat']),
    },
    rounds,
  );
  const node = ms('node');
  const ratio = (name: string) => times(ms(name) / node);
  const { subprocesses, bytesWritten, syncs } = effects(due, town.root);
  return {
    wall: [String(town.agents), ...['list', 'due', 'dryRun', 'status', 'heartbeat'].map(ratio)],
    counts: [
      String(town.agents),
      String(subprocesses),
      kilobytes(bytesWritten),
      String(syncs),
      megabytes(peakMemory(due)),
      megabytes(peakMemory(bareNode(town))),
    ],
    perAgent: ms('due') / node,
    ms: node,
  };
}

/** The gate: nothing is due. */
function measureGate(town: BenchTown): Row {
  say('nothing due');
  town.becomeDue();
  spawnSync(process.execPath, town.gt(['tick']).argv.slice(1), { env: town.gt([]).env });
  const quiet = town.gt(['tick']);
  const ms = medians({ node: bareNode(town), quiet }, 2 * rounds);
  const floor = instructions(bareNode(town));
  const { subprocesses, bytesWritten } = effects(quiet, town.root);
  return [
    times(ms('quiet') / ms('node')),
    (instructions(quiet) / floor).toFixed(3),
    String(subprocesses),
    String(bytesWritten),
  ];
}

async function main(): Promise<void> {
  const rows: { agents: number; wall: Row; counts: Row; perAgent: number }[] = [];
  let gate: Row = [];
  let dueInstructions = '';
  for (const agents of sizes) {
    const town = await benchTown(gtFile, agents - 1);
    try {
      if (agents === 3) gate = measureGate(town);
      rows.push({ agents, ...measureTown(town) });
      if (agents === 50) {
        const floor = instructions(bareNode(town), []);
        dueInstructions = times(instructions(town.gt(['tick'], town.becomeDue), []) / floor);
      }
    } finally {
      town.close();
    }
  }
  say('beads');
  const beads = [
    await measureBeads(gtFile, { version: '0.47.1', perRig: false, rounds: 15 }),
    await measureBeads(gtFile, { version: '0.47.1', perRig: true, rounds: 5 }),
  ].filter((cost) => cost !== null);
  const text = report(rows, gate, dueInstructions, beads);
  writeFileSync(out, text);
  process.stdout.write(text);
}

function report(
  rows: readonly { agents: number; wall: Row; counts: Row; perAgent: number }[],
  gate: Row,
  dueInstructions: string,
  beads: readonly BeadsCost[],
): string {
  const first = rows[0];
  const last = rows.at(-1);
  const slope =
    first === undefined || last === undefined
      ? 0
      : (last.perAgent - first.perAgent) / (last.agents - first.agents);
  return [
    '# What `gt` costs',
    '',
    `Written by \`npm run bench\`: Node ${process.versions.node}, ${tmuxVersion()}, ${availableParallelism()} cores.`,
    '',
    'Times are ratios: the median wall time of a command divided by the median of `node -e 0`, both from the same run, all',
    'commands interleaved in a fresh order each round, in an emptied environment. Towns are real: a deacon and one witness for',
    'each rig, each a `sleep` in a pane of a tmux server of their own, and all have just shown themselves.',
    '',
    '## Nothing due',
    '',
    ...markdown(['wall time', 'instructions (callgrind)', 'subprocesses', 'bytes written'], [gate]),
    '',
    '## Due, everybody well',
    '',
    ...markdown(
      [
        'agents',
        'one `tmux list-panes`',
        '`gt tick`',
        '`gt tick --dry-run`',
        '`gt status --json`',
        '`gt deacon heartbeat`',
      ],
      rows.map(({ wall }) => wall),
    ),
    '',
    `Each further agent adds ${slope.toFixed(4)} times \`node -e 0\` to a due tick. At 50 agents it executes ${dueInstructions} the`,
    'instructions of `node -e 0` (callgrind, user space).',
    '',
    '## What a due tick touches',
    '',
    ...markdown(
      [
        'agents',
        'subprocesses',
        'written to the town',
        'syncs to disk',
        'peak memory',
        'of which `node -e 0`',
      ],
      rows.map(({ counts }) => counts),
    ),
    '',
    ...beadsReport(beads),
  ].join('\n');
}

function beadsReport(costs: readonly BeadsCost[]): readonly string[] {
  if (costs.length === 0) return [];
  const rows = costs.map(({ version, stores, agents, bd, others, tick, floor, node }) => [
    version,
    String(stores),
    String(agents),
    String(bd),
    String(others),
    times(floor.wall / node.wall),
    times(tick.wall / node.wall),
    times(tick.wall / floor.wall),
    times(tick.cpu / floor.cpu),
  ]);
  return [
    '## Due, everybody well, in towns that live in beads',
    '',
    'A hundred rigs, their agents’ records in the town’s beads alone or in each rig’s own. The floor, measured in the same run, is what',
    'no pass can do without: `node -e` that starts one `tmux list-panes` and one `bd list` for each store, four at a time, and',
    'throws away what they print.',
    '',
    ...markdown(
      [
        '`bd`',
        'stores',
        'agents',
        '`bd` started',
        'others (without `git` of `bd`)',
        'floor',
        '`gt tick`',
        'tick by floor',
        'the same, processor time',
      ],
      rows,
    ),
    '',
  ];
}

function markdown(head: Row, rows: readonly Row[]): readonly string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: Row) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

function tmuxVersion(): string {
  return spawnSync('tmux', ['-V'], { encoding: 'utf8' }).stdout.trim();
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)}×`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function say(what: string): void {
  process.stderr.write(`bench: ${what}\n`);
}

void main();
