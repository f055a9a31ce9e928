import { setTimeout as pause } from 'node:timers/promises';
import { exitStatus, Failure } from '../exit.ts';
import type { Instant } from '../model/instant.ts';
import { explain, type Ran } from '../run.ts';
import type { Scene } from './scene.ts';
import { passLines, readPass, type ToldPass } from './told-pass.ts';

/** Who tells the story, and what interrupts it. */
export interface Teller {
  readonly say: (text: string) => void;
  /** Throws when the audience has left (Ctrl-C). */
  readonly check: () => void;
  readonly standIn: string;
  readonly clock: () => Instant;
}

/** The visible screen of an agent's session. */
export async function screenOf(scene: Scene, session = 'gt-shop-witness'): Promise<string> {
  return (await scene.tmux(['capture-pane', '-p', '-t', `=${session}:`])).stdout;
}

/** A tick whose every action must end in this way; its report is shown in words. */
export async function tick(
  scene: Scene,
  teller: Teller,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  expected: readonly string[] = ['ok'],
): Promise<ToldPass> {
  const words = ['tick', ...args, '--json'];
  const ran = await gt(scene, teller, words, { quiet: true, env });
  const told = readPass(ran.stdout);
  if (told === null) throw failed(`gt ${words.join(' ')} printed no report`, ran);
  teller.say(indented(passLines(told, new Date())));
  must(told.ran, 'the tick did its pass');
  must(
    told.actions.every(({ result }) => expected.includes(result)),
    `every action ended ${expected.join(' or ')}`,
  );
  return told;
}

/** Runs `gt` and shows the command and, unless `quiet`, its output; any other exit status than `exit` fails. */
export async function gt(
  scene: Scene,
  teller: Teller,
  args: readonly string[],
  {
    quiet = false,
    exit = 0,
    env,
  }: {
    quiet?: boolean;
    exit?: number;
    env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Ran> {
  teller.check();
  const assigned = Object.keys(env ?? {}).map((name) => `${name}=… `);
  teller.say(indented(`$ ${assigned.join('')}gt ${args.join(' ')}`));
  const ran = await scene.gt(args, env);
  teller.check();
  if (ran.exit !== exit) throw failed(`gt ${args.join(' ')} ${explain(ran)}`, ran);
  if (!quiet && ran.stdout !== '') teller.say(indented(ran.stdout));
  return ran;
}

/** Runs `tmux` against the town's server and shows it. */
export async function tmux(scene: Scene, teller: Teller, args: readonly string[]): Promise<void> {
  teller.say(indented(`$ tmux ${args.map(shellWord).join(' ')}`));
  const ran = await scene.tmux(args);
  if (!ran.ok) throw failed(`tmux ${args[0]} ${explain(ran)}`, ran);
  if (ran.stdout !== '') teller.say(indented(ran.stdout));
}

function shellWord(word: string): string {
  return /[^\w=:/.-]/.test(word) ? `'${word}'` : word;
}

/** The pid of an agent that runs in its pane; fails when it does not. */
export async function living(scene: Scene, teller: Teller, agent: string): Promise<number> {
  teller.check();
  const pane = await paneOf(scene, agent);
  if (pane === null || pane.dead) throw failed(`${agent} does not run`, null);
  return pane.pid;
}

/** The pane this town marked as the agent's; null when there is none. */
export async function paneOf(scene: Scene, agent: string): Promise<{ pid: number; dead: boolean } | null> {
  const format = '#{@gt_town}\t#{@gt_agent}\t#{pane_pid}\t#{pane_dead}';
  const { stdout } = await scene.tmux(['list-panes', '-a', '-F', format]);
  for (const line of stdout.split('\n')) {
    const [town, id, pid, dead] = line.split('\t');
    if (town === scene.town && id === agent) return { pid: Number(pid), dead: dead === '1' };
  }
  return null;
}

/** Looks every 50 ms until there is something to see; fails after ten seconds. */
export async function until<T>(
  teller: Teller,
  what: string,
  look: () => Promise<T | null | false>,
): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    teller.check();
    const found = await look();
    if (found !== null && found !== false) return found;
    await pause(50);
  }
  throw failed(`waited in vain for ${what}`, null);
}

/** What the story claims must have happened. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw failed(`it is not true that ${what}`, null);
}

function failed(what: string, ran: Ran | null): Failure {
  const said = ran === null ? '' : `\n${ran.stdout}${ran.stderr}`.trimEnd();
  return new Failure('demo-failed', exitStatus.failed, `The demo failed: ${what}.${said}`, 'gt demo --keep');
}

export function heading(text: string): string {
  return `\n▸ ${text}\n`;
}

export function indented(text: string): string {
  return `${text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')}\n`;
}
