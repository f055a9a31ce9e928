import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { exitStatus } from '../exit.ts';
import { layout } from '../town/layout.ts';
import { demoSocket, type Scene } from './scene.ts';
import {
  gt,
  heading,
  indented,
  living,
  must,
  paneOf,
  screenOf,
  type Teller,
  tick,
  tmux,
  until,
} from './telling.ts';

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
