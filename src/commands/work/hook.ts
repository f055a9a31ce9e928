import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import type { WorkItem } from '../../model/work-item.ts';
import { hookLine, hookShown, hookStatusDocument, hookStatusText } from '../../show/hook.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine } from '../../show/printable.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';
import { workMeant } from './find-work.ts';
import { hookedItem } from './hooked-item.ts';
import { givingWay, putOnHook } from './put-on-hook.ts';
import { agentAsked, agentHere, hookOf, recordState, type WorkDesk, workDesk } from './work-desk.ts';

export interface HookOptions {
  readonly town?: string | undefined;
  /** `status [AGENT]`, `show AGENT`, `attach WORK`, `clear [WORK]`, or the work alone. */
  readonly words: readonly string[];
  readonly force?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  /** Of a note that is left in the agent's own inbox when work is attached. */
  readonly subject?: string | undefined;
  readonly message?: string | undefined;
  readonly json?: boolean | undefined;
}

/** What its first word may be when it is no work. */
const verbs = ['status', 'show', 'attach', 'clear'] as const;

/** `gt hook …` (spec/agents.md §3.3): alone it shows the caller's hook, with a piece of work it attaches that. */
export async function hookCommand(options: HookOptions, context: Context): Promise<number> {
  const [verb = 'status', ...rest] = options.words;
  const desk = workDesk(options.town, context, { reading: verb === 'status' || verb === 'show' });
  switch (verb) {
    case 'status':
    case 'show':
      return tell(verb, atMostOne(rest), desk, options, context);
    case 'clear':
      return clear(atMostOne(rest), desk, options, context);
    case 'attach':
      return attach(rest.join(' '), [], desk, options, context);
    default:
      return attach(options.words.join(' '), verbs, desk, options, context);
  }
}

function atMostOne([first, second]: readonly string[]): string | undefined {
  if (second === undefined) return first;
  throw new Failure('usage', exitStatus.usage, `There is an argument too many: ${second}.`, 'gt hook --help');
}

async function tell(
  verb: 'status' | 'show',
  target: string | undefined,
  desk: WorkDesk,
  { json = false }: HookOptions,
  context: Context,
): Promise<number> {
  const agent = target === undefined ? agentHere(desk) : agentAsked(target, desk, context);
  const items = await hookOf(agent, desk);
  if (verb === 'status')
    context.stdout(json ? jsonText(hookStatusDocument(agent, items)) : hookStatusText(agent, items));
  else context.stdout(json ? `${JSON.stringify(hookShown(agent, items))}\n` : hookLine(agent, items));
  return exitStatus.done;
}

async function attach(
  given: string,
  nearly: readonly string[],
  desk: WorkDesk,
  { force = false, dryRun = false, json = false, subject, message }: HookOptions,
  context: Context,
): Promise<number> {
  const agent = agentHere(desk);
  const meant = await workMeant(given, desk, context, nearly);
  if (dryRun) {
    await givingWay(meant, agent, force, desk);
    context.stdout(`Would attach ${JSON.stringify(oneLine(given))} to the hook of ${agent.id}\n`);
    return exitStatus.done;
  }
  const item = await putOnHook(meant, agent, force, desk, context, ({ id }) => {
    if (!json) context.stdout(`🪝 Hooking ${meant.message ?? id}...\n`);
  });
  const note =
    subject === undefined && message === undefined
      ? null
      : await (await import('../lifecycle/handoff.ts')).leaveNote(
          { subject, message },
          'cycle',
          agent,
          desk.store,
          context,
        );
  if (json)
    context.stdout(
      jsonText({
        schema: 'gt.hook/1',
        agent: agent.id,
        work: item.id,
        mail: meant.message ?? null,
        hooked: true,
        note,
      }),
    );
  else if (note !== null) context.stdout(`📬 Left a handoff note in your inbox: ${note}\n`);
  if (!json)
    context.stdout(
      [
        '✓ Work attached to hook (hooked bead)',
        ...(meant.message === undefined ? [] : [`  It is ${item.id} there; the message stays in its inbox`]),
        '  Use: gt hook to see it',
        '  Use: gt done when it is finished',
        '',
      ].join('\n'),
    );
  return exitStatus.done;
}

/** Everything, or one piece, goes back among the open work; nothing is closed. */
async function clear(
  given: string | undefined,
  desk: WorkDesk,
  { json = false, dryRun = false }: HookOptions,
  context: Context,
): Promise<number> {
  const agent = agentHere(desk);
  const hooked = await hookOf(agent, desk);
  const items = given === undefined ? hooked : [hookedItem(given, hooked, agent)];
  if (!dryRun) await unhook(items, agent, hooked.length === items.length, desk, context);
  if (json)
    context.stdout(jsonText({ schema: 'gt.hook/1', agent: agent.id, cleared: items.map(({ id }) => id) }));
  else if (items.length === 0) context.stdout(`○ Nothing on the hook of ${agent.id}\n`);
  else
    for (const { id } of items)
      context.stdout(`${dryRun ? 'Would take' : '✓ Took'} ${id} off the hook of ${agent.id}\n`);
  return exitStatus.done;
}

async function unhook(
  items: readonly WorkItem[],
  agent: Agent,
  last: boolean,
  desk: WorkDesk,
  context: Context,
): Promise<void> {
  for (const { id } of items) valueIn(await desk.store.work.unhook(id));
  if (last && items.length > 0) await recordState(agent, 'idle', desk, context);
}
