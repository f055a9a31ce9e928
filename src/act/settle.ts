import { type Fact, known, unknown } from '../model/fact.ts';
import type { Tmux } from '../model/pane.ts';
import type { Placed } from '../tmux/commands.ts';
import { listPanes } from '../tmux/panes.ts';
import type { World } from './world.ts';

/** The server with its panes, once it is clear how the started programs fare. */
export interface Settled {
  readonly server: Fact<Extract<Tmux, { kind: 'running' }>>;
}

/** A program that cannot run at all ends within this time; one that lives longer has started. Milliseconds. */
const trialMs = 350;
/** Pauses before each look, milliseconds. A slow machine may take all of them to get from `env` to the program. */
const pauses = [100, 250, 300, 350];

/** Looks at started panes until each has ended or outlived its trial; at most eight clients, whatever their number. */
export async function settle(
  started: readonly { readonly placed: Placed | null }[],
  { client, now, pause }: Pick<World, 'client' | 'now' | 'pause'>,
): Promise<Settled> {
  const begun = now();
  let settled: Settled = { server: unknown('nobody looked') };
  for (const wait of pauses) {
    await pause(wait);
    const listed = await listPanes(client);
    if (!listed.known) return { server: listed };
    if (listed.value.kind === 'absent') return { server: unknown('the tmux server is gone') };
    const { value } = listed;
    settled = { server: known(value) };
    const young = now() - begun < trialMs;
    const undecided = started.some(({ placed }) => {
      const pane = value.panes.find((candidate) => candidate.pane === placed?.pane);
      return pane !== undefined && pane.dead === null && (young || pane.command === 'env');
    });
    const unexplained = started.some(({ placed }) => {
      const dead = value.panes.find((candidate) => candidate.pane === placed?.pane)?.dead ?? null;
      return dead !== null && dead.status === null && dead.signal === null;
    });
    // tmux 3.3a at times misses the end of a pane's process until another child of its ends; then it knows the status.
    if (unexplained) await client.call(['run-shell', 'true']);
    if (!undecided && !unexplained) break;
  }
  return settled;
}
