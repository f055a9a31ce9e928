import { sessionTarget, type TmuxCommand } from '../tmux/commands.ts';
import { listPanes } from '../tmux/panes.ts';
import { runScript } from '../tmux/script.ts';
import type { World } from './world.ts';

/** Shows nothing while nothing is wrong. */
const segment = '#{?#{@gt_alert}, #[reverse] #{@gt_alert} #[noreverse],}';

/** What the session's own line was before ours stood in it: `own`, or `inherited` where it had none. */
const memory = '@gt_alert_line';

/**
 * Says in the status line of the town's own sessions how many conditions hold, and takes it back when none does: the line
 * is then the session's own as before, or again the one that tmux has for all. What stands there already stays; nothing is
 * set for the server or for sessions of others. A status line is no channel: trouble with it is nobody's trouble.
 */
export async function showStanding(count: number, { client, layout }: World): Promise<void> {
  const listed = await listPanes(client);
  if (!listed.known || listed.value.kind === 'absent') return;
  const own = listed.value.panes.filter(({ town }) => town === layout.root);
  const sessions = [...new Set(own.map(({ session }) => session))];
  const questions = { shown: ['-A', '-v'], own: [], memory: ['-v'] } as const;
  const read = await runScript(
    client,
    sessions.flatMap((session) =>
      Object.entries(questions).map(([question, flags]) => ({
        id: `${question} ${session}`,
        commands: [
          [
            'show-options',
            '-q',
            ...flags,
            '-t',
            sessionTarget(session),
            question === 'memory' ? memory : 'status-right',
          ],
        ],
      })),
    ),
    { startServer: false },
  );
  const answer = (question: keyof typeof questions, session: string): string | null => {
    const result = read.find(({ id }) => id === `${question} ${session}`);
    return result?.result === 'ok' ? result.output.replace(/\n$/, '') : null;
  };
  const blocks = sessions.flatMap((session) => {
    const line = answer('shown', session);
    const hasOwn = answer('own', session);
    const before = answer('memory', session);
    if (line === null || hasOwn === null || before === null) return [];
    const target = sessionTarget(session);
    const commands =
      count === 0 ? takenBack(target, line, before) : shown(target, line, hasOwn !== '', count);
    return [{ id: session, commands }];
  });
  await runScript(client, blocks, { startServer: false });
}

function shown(target: string, line: string, hasOwn: boolean, count: number): readonly TmuxCommand[] {
  const text = `${count} ${count === 1 ? 'alert' : 'alerts'}: gt status`;
  const placed: readonly TmuxCommand[] = line.includes('@gt_alert')
    ? []
    : [
        ['set-option', '-t', target, memory, hasOwn ? 'own' : 'inherited'],
        ['set-option', '-t', target, 'status-right', `${segment}${line}`],
      ];
  return [...placed, ['set-option', '-t', target, '@gt_alert', text]];
}

/** Whatever somebody has made of the line meanwhile is left as they made it: our part shows nothing any more. */
function takenBack(target: string, line: string, before: string): readonly TmuxCommand[] {
  const restored: readonly TmuxCommand[] = !line.startsWith(segment)
    ? []
    : before === 'inherited'
      ? [['set-option', '-u', '-t', target, 'status-right']]
      : [['set-option', '-t', target, 'status-right', line.slice(segment.length)]];
  return [
    ...restored,
    ['set-option', '-u', '-t', target, memory],
    ['set-option', '-u', '-t', target, '@gt_alert'],
  ];
}
