import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { answer } from '../files/trouble.ts';
import type { Answer } from '../port.ts';
import type { Beads } from './beads.ts';
import { capabilitiesOf } from './capabilities.ts';
import { callBd, environment, globals, type Program, troubleOf } from './program.ts';

/** The prefix of a town's own beads (spec/agents.md §7.6). */
const townPrefix = 'hq';

/** True: it was made. False: there was one, which stays as it is. */
export async function initStore(beads: Beads): Promise<Answer<boolean>> {
  const what = 'the town’s beads could not be made';
  const done = await answer(what, () => make(beads, what));
  return done.known ? done.value : done;
}

/**
 * Made aside and renamed into place, so that it is there whole or not at all. `bd init` also writes instructions for
 * agents, hooks and commits where it stands (design/peers.md §3): there they end with the scratch directory, out of sight of
 * any repository the town may be in.
 */
async function make({ root, program, path }: Beads, what: string): Promise<Answer<boolean>> {
  const target = `${root}/.beads`;
  if (existsSync(target)) return { known: true, value: false };
  const aside = mkdtempSync(`${root}/.beads-new-`);
  try {
    const store = `${aside}/.beads`;
    const can = await capabilitiesOf(root, { program, path, store, keep: true });
    if (!can.known) return can;
    const flags = await initFlags(program, store);
    const env = { ...environment(program.env, store), GIT_CEILING_DIRECTORIES: root, BEADS_DIR: undefined };
    const ran = await program.run({
      file: 'bd',
      args: [...globals(can.value), 'init', '--prefix', townPrefix, '--quiet', ...flags],
      cwd: aside,
      env,
      whole: true,
      timeoutMs: Math.max(program.timeoutMs, 60_000),
    });
    if (!ran.ok) return troubleOf(ran, what);
    if (!statSync(store, { throwIfNoEntry: false })?.isDirectory())
      return { known: false, reason: `${what}: bd init made none`, trouble: 'unavailable' };
    addFiles(store);
    renameSync(store, target);
    return { known: true, value: true };
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

async function initFlags(program: Program, store: string): Promise<readonly string[]> {
  const help = await callBd(program, { store, args: ['init', '--help'] });
  return ['--skip-hooks', '--skip-merge-driver', '--skip-agents', '--non-interactive'].filter((flag) =>
    help.stdout.includes(`${flag} `),
  );
}

/**
 * Without an `issues.jsonl`, `bd` before 0.49.4 takes any other `.jsonl` for it and overwrites the routes
 * (spec/agents.md §7.7). Versions that keep none are not given one.
 */
function addFiles(store: string): void {
  const sqlite = readdirSync(store).some((name) => name.endsWith('.db'));
  if (sqlite && !existsSync(`${store}/issues.jsonl`)) writeFileSync(`${store}/issues.jsonl`, '');
  if (!existsSync(`${store}/routes.jsonl`))
    writeFileSync(`${store}/routes.jsonl`, `${JSON.stringify({ prefix: `${townPrefix}-`, path: '.' })}\n`);
}
