import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exitStatus, Failure } from '../exit.ts';
import type { Instant } from '../model/instant.ts';
import type { Ran } from '../run.ts';
import { explain } from '../run.ts';
import { layout } from '../town/layout.ts';
import { demoSocket, type Scene } from './scene.ts';
import { passLines, readPass, type ToldPass } from './told-pass.ts';

/** Who tells the story, and what interrupts it. */
export interface Teller {
  readonly say: (text: string) => void;
  /** Throws when the audience has left (Ctrl-C). */
  readonly check: () => void;
  readonly standIn: string;
  readonly clock: () => Instant;
}

const agents = ['deacon', 'blog/witness', 'shop/witness'];

/** Tells the whole story, checking that each thing told really happened. Throws a {@link Failure} `demo-failed` (1). */
export async function tellStory(scene: Scene, teller: Teller): Promise<void> {
  await makeTown(scene, teller);
  await firstHeartbeat(scene, teller);
  await nothingDue(scene, teller);
  await deaconDies(scene, teller);
  await witnessesFallSilent(scene, teller);
  await personTypes(scene, teller);
}

async function makeTown(scene: Scene, teller: Teller): Promise<void> {
  teller.say(
    heading(
      'A town with two projects. Its agents are stand-ins: small programs with a prompt, so nothing costs money.',
    ),
  );
  await gt(scene, teller, ['install', '.', '--socket', demoSocket], { quiet: true });
  const { settingsFile } = layout(scene.town);
  writeFileSync(settingsFile, `${JSON.stringify(settings(scene, teller.standIn), null, 2)}\n`, {
    mode: 0o600,
  });
  await gt(scene, teller, ['rig', 'add', 'shop'], { quiet: true });
  await gt(scene, teller, ['rig', 'add', 'blog'], { quiet: true });
}

function settings(scene: Scene, standIn: string): object {
  return {
    type: 'town-settings',
    version: 1,
    default_agent: 'stand-in',
    agents: {
      'stand-in': {
        command: process.execPath,
        args: [standIn],
        process_names: ['stand-in', 'node'],
        prompt: 'argument',
        composer: ['❯'],
        busy: ['esc to interrupt'],
      },
    },
    tick: { socket: demoSocket, tmux_tmpdir: scene.dir, path: [dirname(process.execPath)] },
  };
}

async function firstHeartbeat(scene: Scene, teller: Teller): Promise<void> {
  teller.say(
    heading('Nobody is at work yet. What would a heartbeat do? A dry run says so and touches nothing.'),
  );
  const dry = await gt(scene, teller, ['tick', '--dry-run']);
  for (const agent of agents) must(dry.stdout.includes(agent), `the dry run plans for ${agent}`);
  must(!existsSync(layout(scene.town).stateFile), 'the dry run wrote no state');
  must(!(await scene.tmux(['list-sessions'])).ok, 'the dry run started no tmux server');

  teller.say(heading('The same heartbeat for real, as cron would run it.'));
  const { actions } = await tick(scene, teller, []);
  for (const agent of agents)
    must(
      actions.some((one) => one.kind === 'start' && one.agent === agent),
      `${agent} was started`,
    );
  for (const agent of agents) await living(scene, teller, agent);
  await tmux(scene, teller, [
    'list-panes',
    '-a',
    '-F',
    '#{session_name}  pid #{pane_pid}  #{pane_current_command}',
  ]);
}

async function nothingDue(scene: Scene, teller: Teller): Promise<void> {
  teller.say(
    heading(
      'Cron calls every minute. Nothing is due now: no word, no subprocess, gone in the time Node needs to start.',
    ),
  );
  const ran = await gt(scene, teller, ['tick']);
  must(ran.stdout === '' && ran.stderr === '', 'a tick that is not due says nothing');
  teller.say(indented(`(nothing printed, ${Math.round(ran.ms)} ms)`));
  await gt(scene, teller, ['due'], { exit: exitStatus.failed });
}

async function deaconDies(scene: Scene, teller: Teller): Promise<void> {
  const before = await living(scene, teller, 'deacon');
  teller.say(heading("The deacon's process dies."));
  teller.say(indented(`$ kill -9 ${before}`));
  process.kill(before, 'SIGKILL');
  await until(
    teller,
    'the pane to show that its process ended',
    async () => (await paneOf(scene, 'deacon'))?.dead === true,
  );

  teller.say(heading('What does the next heartbeat make of it?'));
  const dry = await gt(scene, teller, ['tick', '--dry-run']);
  must(/recreate\s+deacon/.test(dry.stdout), 'the dry run plans to recreate the deacon');

  teller.say(heading('It puts a new deacon in the same pane.'));
  const { actions } = await tick(scene, teller, ['--force']);
  must(actions.length === 1 && actions[0]?.agent === 'deacon', 'the deacon and nobody else was recreated');
  const after = await living(scene, teller, 'deacon');
  must(after !== before, 'the new deacon is another process');
  teller.say(indented(`The deacon's process was ${before} and is ${after} now.`));

  teller.say(heading('The town on one screen.'));
  await gt(scene, teller, ['status']);
}

/** Nobody waits twenty minutes for a demo: a town marked as made for tests may be told another time. */
async function witnessesFallSilent(scene: Scene, teller: Teller): Promise<void> {
  teller.say(
    heading('Twenty minutes of silence (a town marked as made for tests may have its clock set forward).'),
  );
  writeFileSync(layout(scene.town).testMarker, '');
  for (const session of ['gt-deacon', 'gt-blog-witness', 'gt-shop-witness']) {
    await until(teller, `${session} to be ready`, async () => (await screenOf(scene, session)).includes('❯'));
  }
  const { actions } = await tick(scene, teller, ['--force'], laterBy(20, teller));
  must(
    actions.some((one) => one.kind === 'nudge' && one.agent === 'shop/witness'),
    'the silent witness was nudged',
  );
  teller.say(heading('The screen of the witness: the line was typed and submitted.'));
  await showScreen(scene, teller, /» HEARTBEAT:/);
}

async function personTypes(scene: Scene, teller: Teller): Promise<void> {
  teller.say(heading('Ten minutes later it is silent still, but now a person has begun to type to it.'));
  const draft = 'could you look at the failing';
  await tmux(scene, teller, ['send-keys', '-t', '=gt-shop-witness:', '-l', draft]);
  await until(teller, 'the draft on the screen', async () => (await screenOf(scene)).includes(draft));
  const { actions } = await tick(scene, teller, ['--only', 'shop/witness'], laterBy(30, teller), ['skipped']);
  must(actions.length === 1, 'the tick wanted to nudge the witness');
  teller.say(heading('Nobody typed into the draft; the nudge comes when the line is free.'));
  await showScreen(scene, teller, new RegExp(`❯ ${draft}\\s*$`, 'm'));
}

function laterBy(minutes: number, teller: Teller): Readonly<Record<string, string>> {
  const { wall, awake, uptime, boot } = teller.clock();
  const ms = minutes * 60_000;
  return { GT_CLOCK: JSON.stringify({ wall: wall + ms, awake: awake + ms, uptime: uptime + ms, boot }) };
}

/** Shows the witness's screen once the pattern is on it, without rules and blank lines, cut to a readable width. */
async function showScreen(scene: Scene, teller: Teller, pattern: RegExp): Promise<void> {
  const screen = await until(teller, `${pattern} on the screen`, async () => {
    const captured = await screenOf(scene);
    return pattern.test(captured) ? captured : null;
  });
  const lines = screen.split('\n').filter((line) => !/^[─\s]*$/.test(line));
  teller.say(indented('$ tmux capture-pane -p -t =gt-shop-witness:'));
  teller.say(indented(lines.map((line) => (line.length > 100 ? `${line.slice(0, 99)}…` : line)).join('\n')));
}

async function screenOf(scene: Scene, session = 'gt-shop-witness'): Promise<string> {
  return (await scene.tmux(['capture-pane', '-p', '-t', `=${session}:`])).stdout;
}

/** A tick whose every action must end in this way; its report is shown in words. */
async function tick(
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
  teller.say(indented(passLines(told)));
  must(told.ran, 'the tick did its pass');
  must(
    told.actions.every(({ result }) => expected.includes(result)),
    `every action ended ${expected.join(' or ')}`,
  );
  return told;
}

async function gt(
  scene: Scene,
  teller: Teller,
  args: readonly string[],
  {
    quiet = false,
    exit = 0,
    env,
  }: { quiet?: boolean; exit?: number; env?: Readonly<Record<string, string>> } = {},
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

async function tmux(scene: Scene, teller: Teller, args: readonly string[]): Promise<void> {
  teller.say(indented(`$ tmux ${args.map(shellWord).join(' ')}`));
  const ran = await scene.tmux(args);
  if (!ran.ok) throw failed(`tmux ${args[0]} ${explain(ran)}`, ran);
  if (ran.stdout !== '') teller.say(indented(ran.stdout));
}

function shellWord(word: string): string {
  return /[^\w=:/.-]/.test(word) ? `'${word}'` : word;
}

/** The pid of an agent that runs in its pane; fails when it does not. */
async function living(scene: Scene, teller: Teller, agent: string): Promise<number> {
  teller.check();
  const pane = await paneOf(scene, agent);
  if (pane === null || pane.dead) throw failed(`${agent} does not run`, null);
  return pane.pid;
}

async function paneOf(scene: Scene, agent: string): Promise<{ pid: number; dead: boolean } | null> {
  const format = '#{@gt_town}\t#{@gt_agent}\t#{pane_pid}\t#{pane_dead}';
  const { stdout } = await scene.tmux(['list-panes', '-a', '-F', format]);
  for (const line of stdout.split('\n')) {
    const [town, id, pid, dead] = line.split('\t');
    if (town === scene.town && id === agent) return { pid: Number(pid), dead: dead === '1' };
  }
  return null;
}

async function until<T>(teller: Teller, what: string, look: () => Promise<T | null | false>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    teller.check();
    const found = await look();
    if (found !== null && found !== false) return found;
    await pause(50);
  }
  throw failed(`waited in vain for ${what}`, null);
}

function must(holds: boolean, what: string): void {
  if (!holds) throw failed(`it is not true that ${what}`, null);
}

function failed(what: string, ran: Ran | null): Failure {
  const said = ran === null ? '' : `\n${ran.stdout}${ran.stderr}`.trimEnd();
  return new Failure('demo-failed', exitStatus.failed, `The demo failed: ${what}.${said}`, 'gt demo --keep');
}

function heading(text: string): string {
  return `\n▸ ${text}\n`;
}

function indented(text: string): string {
  return `${text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')}\n`;
}
