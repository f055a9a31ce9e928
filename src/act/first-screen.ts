import { runtimeOf } from '../agents/runtime.ts';
import type { Screen } from '../agents/screen.ts';
import type { Agent } from '../model/agent.ts';
import { runScript } from '../tmux/script.ts';
import { lookAt, readLook } from './pane-look.ts';
import type { World } from './world.ts';

/** How long a fresh agent may take to show something that can be recognised. Milliseconds. */
const patienceMs = 2_500;

/** What asks for a person before a fresh agent can work. */
const obstacles: readonly Screen['kind'][] = ['dialog', 'login', 'limit'];

/**
 * Looks at agents that were just started until each shows its composer, works, or shows something that only a person can
 * answer: a trust or permission dialog, a login, a limit. Gives the sentence of each that waits for a person, by agent.
 * Nothing is pressed (spec/agents.md §1.0.6).
 */
export async function firstScreens(
  started: readonly { readonly agent: Agent; readonly pane: string }[],
  { client, config, now, pause, deadline }: World,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const end = now() + patienceMs;
  let open = started;
  while (open.length > 0) {
    await pause(250);
    const results = await runScript(
      client,
      open.map(({ agent, pane }) => ({ id: agent.id, commands: lookAt(pane) })),
      { startServer: false },
    );
    open = open.filter(({ agent }) => {
      const result = results.find(({ id }) => id === agent.id);
      if (result?.result !== 'ok') return false;
      const look = readLook(result.output, runtimeOf(config, agent));
      if (look === null || look.dead) return false;
      const { kind, detail } = look.screen;
      if (!obstacles.includes(kind)) return kind === 'unreadable' || kind === 'shell';
      found.set(agent.id, `it waits for a person (${kind}: ${detail})`);
      return false;
    });
    if (now() >= end || deadline() <= 0) break;
  }
  return found;
}
