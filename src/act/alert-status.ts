import { sessionTarget } from '../tmux/commands.ts';
import { listPanes } from '../tmux/panes.ts';
import { runScript } from '../tmux/script.ts';
import type { World } from './world.ts';

/** Shows nothing while nothing is wrong. */
const segment = '#{?#{@gt_alert}, #[reverse] #{@gt_alert} #[noreverse],}';

/**
 * Says in the status line of the town's own sessions how many conditions hold, and takes it back when none does. What stands
 * there already stays; nothing is set for the server or for sessions of others. A status line is no channel: trouble with
 * it is nobody's trouble.
 */
export async function showStanding(count: number, { client, layout }: World): Promise<void> {
  const listed = await listPanes(client);
  if (!listed.known || listed.value.kind === 'absent') return;
  const own = listed.value.panes.filter(({ town }) => town === layout.root);
  const sessions = [...new Set(own.map(({ session }) => session))];
  const read = await runScript(
    client,
    sessions.map((session) => ({
      id: session,
      commands: [['show-options', '-A', '-v', '-t', sessionTarget(session), 'status-right']],
    })),
    { startServer: false },
  );
  const text = `${count} ${count === 1 ? 'alert' : 'alerts'}: gt status`;
  const blocks = read.flatMap((result) => {
    if (result.result !== 'ok') return [];
    const target = sessionTarget(result.id);
    const before = result.output.replace(/\n$/, '');
    const shown = before.includes('@gt_alert')
      ? []
      : [['set-option', '-t', target, 'status-right', `${segment}${before}`]];
    const set =
      count === 0
        ? [['set-option', '-u', '-t', target, '@gt_alert']]
        : [...shown, ['set-option', '-t', target, '@gt_alert', text]];
    return [{ id: result.id, commands: set }];
  });
  await runScript(client, blocks, { startServer: false });
}
