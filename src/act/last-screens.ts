import { writeFileSync } from 'node:fs';
import { runtimeOf } from '../agents/runtime.ts';
import { readScreen } from '../agents/screen.ts';
import type { Outcome } from '../model/plan.ts';
import { makeDirectory } from '../persist/replace-file.ts';
import { capturePane, captureScreen } from '../tmux/commands.ts';
import { runScript } from '../tmux/script.ts';
import { skipped } from './outcome.ts';
import type { StartAction } from './start.ts';
import type { World } from './world.ts';

type Recreate = Extract<StartAction, { kind: 'recreate' }>;

/** Kept of each screen. */
const mostLines = 60;
const mostChars = 8_000;

export interface Looked {
  readonly go: readonly StartAction[];
  readonly outcomes: readonly Outcome[];
}

/**
 * Looks at the last screen of each pane that is about to get a new agent, one tmux client for all, and keeps it: one file
 * an agent, `daemon/screens/<agent>.json` (F51). An agent that ended at a usage limit or without a login has not crashed,
 * and is not started into the same wall (F31); a person who asks for a start has the last word on that.
 */
export async function keepLastScreens(starts: readonly StartAction[], world: World): Promise<Looked> {
  const panes = starts.filter((action): action is Recreate => action.kind === 'recreate');
  if (panes.length === 0) return { go: starts, outcomes: [] };
  const cut = world.client.nonce();
  const looked = await runScript(
    world.client,
    panes.map(({ id, pane, panePid }) => ({
      id,
      guard: { pane, panePid },
      commands: [captureScreen(pane), ['display-message', '-p', cut], capturePane(pane)],
    })),
    { startServer: false },
  );
  const outcomes: Outcome[] = [];
  for (const action of panes) {
    const result = looked.find(({ id }) => id === action.id);
    if (result?.result !== 'ok') continue;
    const [styled = '', plain = ''] = result.output.split(`${cut}\n`);
    keep(action, plain, world);
    const anyway = action.why === 'asked' || action.evidence.thawed === true;
    const blocked = anyway ? null : blockedOutcome(action, styled, world);
    if (blocked !== null) outcomes.push(blocked);
  }
  const off = new Set(outcomes.map(({ action }) => action));
  return { go: starts.filter(({ id }) => !off.has(id)), outcomes };
}

/** A screen that cannot be kept keeps nobody from being started. */
function keep(action: Recreate, screen: string, { layout, wall }: World): void {
  const lines = screen.trimEnd().split('\n').slice(-mostLines);
  const { agent, session, pane, why, evidence } = action;
  const document = {
    schema: 'gt.last-screen/1',
    agent,
    session,
    pane,
    at: new Date(wall()).toISOString(),
    why,
    status: evidence.status ?? null,
    signal: evidence.signal ?? null,
    screen: lines.join('\n').slice(-mostChars),
  };
  try {
    makeDirectory(`${layout.daemonDir}/screens`);
    const file = `${layout.daemonDir}/screens/${fileNameOf(agent)}.json`;
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
  } catch {
    // Told nowhere: whatever keeps this from being written keeps the state from being written too.
  }
}

/** `proj/polecats/toast` → `proj.polecats.toast`: names have no dots (design: session names). */
function fileNameOf(agent: string): string {
  return agent.replaceAll('/', '.');
}

function blockedOutcome(action: Recreate, styled: string, { config, agents }: World): Outcome | null {
  const agent = agents.find(({ id }) => id === action.agent);
  if (agent === undefined) return null;
  try {
    const { kind, detail } = readScreen(styled, runtimeOf(config, agent));
    return kind === 'limit' || kind === 'login' ? skipped(action, kind, detail) : null;
  } catch {
    return null;
  }
}
