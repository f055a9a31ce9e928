import { exitStatus, Failure } from '../../exit.ts';
import type { Agent } from '../../model/agent.ts';
import { draftWith } from '../../model/message.ts';
import type { RequestAction } from '../../model/request.ts';
import { jsonText } from '../../show/json.ts';
import { lengthOf } from '../../show/time.ts';
import { mailboxOfAgent } from '../../town/mailbox.ts';
import type { Context } from '../context.ts';
import { valueIn } from '../mail/desk.ts';
import { bodyOf } from '../mail/send-options.ts';
import { holdAhead } from '../operator/hold-ahead.ts';
import { ask } from './ask.ts';
import { type LifecycleDesk, lifecycleDesk, secondsIn } from './desk.ts';
import { exitOf, outcomeOf, outcomeText } from './outcome.ts';
import { requestDocument } from './request.ts';

export interface HandoffOptions {
  readonly town?: string | undefined;
  readonly cycle?: boolean | undefined;
  readonly restart?: boolean | undefined;
  readonly shutdown?: boolean | undefined;
  readonly subject?: string | undefined;
  readonly message?: string | undefined;
  readonly stdin?: boolean | undefined;
  /** Seconds; 120 when missing. */
  readonly wait?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** How often somebody who waits is told that we still do, milliseconds. */
const reminderMs = 30_000;

/**
 * `gt handoff`: a note to oneself, then the request, then a bounded wait for one's own end (spec/agents.md §2.9, §3.4).
 * The note is in the inbox before anything else happens, so whatever comes the successor finds it. Exit 1 when nobody
 * came; the request is then withdrawn and the flag down.
 */
export async function handoffCommand(options: HandoffOptions, context: Context): Promise<number> {
  const { town, json = false } = options;
  refuseTwoActions(options);
  const say = (line: string) => (json ? undefined : context.stdout(`${line}\n`));
  const withinMs = secondsIn(options.wait, 120, 'handoff');
  const desk = lifecycleDesk(town, context);
  const agent = callerIn(desk);
  const action = actionOf(options, agent);
  say(`Agent role: ${agent.role}`);
  say(`Action: ${action}`);
  if (options.dryRun === true) {
    if (json) context.stdout(jsonText({ schema: 'gt.handoff-plan/1', agent: agent.id, action }));
    say(`Would leave a note where there is one to leave, and ask for ${action} of ${agent.id}`);
    return exitStatus.done;
  }
  const note = await leaveNote(options, action, agent, desk, context);
  if (note !== null) say(`📬 Left a handoff note in your inbox: ${note}`);
  const ahead = holdAhead(agent, action, desk);
  const asked = await ask({ agent, action, message: undefined }, desk, context);
  say(`✓ Sent ${action} request to deacon/`);
  if (!asked.atOnce) say('○ Nobody could be started to answer it at once; the next tick does');
  if (ahead !== null) context.stderr(`⚠ Warning: ${ahead.text}\n`);
  say('◌ Waiting for retirement...');
  say('(Manager will terminate this session)');
  let next = reminderMs;
  const outcome = await outcomeOf(asked, desk, withinMs, (waited) => {
    if (waited < next) return;
    next += reminderMs;
    say(`◌ Still waiting (${lengthOf(waited)})...`);
  });
  if (json) context.stdout(jsonText({ ...requestDocument(asked, desk, outcome, ahead), note }));
  else context.stdout(outcomeText(outcome, `${action} of ${agent.id}, request ${asked.id}`));
  return exitOf(outcome);
}

/** Asked for two things at once, neither is what was meant for certain. */
function refuseTwoActions({ cycle, restart, shutdown }: HandoffOptions): void {
  const given = Object.entries({ cycle, restart, shutdown }).filter(([, is]) => is === true);
  if (given.length < 2) return;
  const flags = given.map(([name]) => `--${name}`).join(' and ');
  throw new Failure('usage', exitStatus.usage, `${flags} cannot stand together.`, 'gt handoff --help');
}

function callerIn({ caller }: LifecycleDesk): Agent {
  if (caller !== null) return caller;
  throw new Failure(
    'not-an-agent',
    exitStatus.usage,
    'Only an agent can hand itself off, and this was not run by one of this town (GT_ROLE names none).',
    'gt lifecycle request cycle --agent NAME',
  );
}

function actionOf({ cycle, restart, shutdown }: HandoffOptions, { role }: Agent): RequestAction {
  if (cycle) return 'cycle';
  if (restart) return 'restart';
  return shutdown || role === 'polecat' ? 'shutdown' : 'cycle';
}

/** A message to oneself; its id. Null when there is nothing to say and nobody to read it. */
export async function leaveNote(
  options: Pick<HandoffOptions, 'subject' | 'message' | 'stdin'>,
  action: RequestAction,
  agent: Agent,
  { mail }: Pick<LifecycleDesk, 'mail'>,
  context: Context,
): Promise<string | null> {
  const given = bodyOf(options, context);
  const { subject } = options;
  if (action === 'shutdown' && given === '' && subject === undefined) return null;
  const draft = draftWith({
    from: agent.id,
    to: mailboxOfAgent(agent),
    subject: titled(subject ?? 'Session cycling'),
    body:
      given === '' ? 'A fresh session takes over. Look at your hook and at the rest of this inbox.' : given,
  });
  const [note] = valueIn(await mail.send(draft));
  return note?.id ?? null;
}

function titled(subject: string): string {
  return subject.includes('HANDOFF') ? subject : `🤝 HANDOFF: ${subject}`;
}
