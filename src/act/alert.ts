import { draftWith } from '../model/message.ts';
import type { Action, Outcome } from '../model/plan.ts';
import { explain } from '../run.ts';
import { showStanding } from './alert-status.ts';
import { failed, succeeded } from './outcome.ts';
import type { World } from './world.ts';

export type AlertAction = Extract<Action, { kind: 'alert' }>;

/** A program of the operator's may take this long with one notice. Milliseconds. */
const commandMs = 10_000;
/** As many earlier messages are looked through before a notice is sent again. */
const lookBack = 200;

/**
 * Delivers notices, each over its own channels: mail, and the configured command with the notice as JSON on its standard
 * input (design: alerts). A notice that was tried before is looked for first, so that it is not sent twice. What a channel
 * refused is named in the outcome's reason, and the next pass tries only that again.
 */
export async function sendAlerts(actions: readonly AlertAction[], world: World): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const action of actions) outcomes.push(await sendOne(action, world));
  const standing = actions.findLast((action) => action.standing !== null)?.standing ?? null;
  if (standing !== null && world.config.tick.alerts.status) await showStanding(standing, world);
  return outcomes;
}

async function sendOne(action: AlertAction, world: World): Promise<Outcome> {
  const troubles: { readonly channel: string; readonly trouble: string }[] = [];
  for (const channel of action.channels) {
    const trouble = channel === 'mail' ? await mailIt(action, world) : await commandIt(action, world);
    if (trouble !== null) troubles.push({ channel, trouble });
  }
  if (troubles.length === 0) return succeeded(action);
  return failed(
    action,
    troubles.map(({ channel, trouble }) => `${channel}: ${trouble}`).join('; '),
    troubles.map(({ channel }) => channel).join(','),
  );
}

async function mailIt(action: AlertAction, { store }: World): Promise<string | null> {
  const { to, subject, body, token } = action;
  if (action.retried) {
    const waiting = await store.mail.inbox(to);
    const read = await store.mail.history(to, lookBack);
    if (!waiting.known) return waiting.reason;
    if (!read.known) return read.reason;
    const all = [...waiting.value.items, ...read.value.items.map(({ message }) => message)];
    if (all.some(({ replyTo }) => replyTo === token)) return null;
  }
  const priority = action.notice === 'recovered' ? 'normal' : 'high';
  const sent = await store.mail.send(
    draftWith({ from: 'deacon/', to, subject, body, priority, replyTo: token }),
  );
  return sent.known ? null : sent.reason;
}

async function commandIt(action: AlertAction, world: World): Promise<string | null> {
  const { config, run, operatorEnv, layout, deadline } = world;
  const [file, ...args] = config.tick.alerts.command;
  if (file === undefined) return null;
  const { condition, notice, subject, body, token, why } = action;
  const document = {
    schema: 'gt.notice/1',
    town: layout.root,
    id: token,
    condition,
    code: why,
    notice,
    agent: action.agent === 'overseer' ? null : action.agent,
    subject,
    text: body,
    since: action.evidence.since ?? null,
  };
  const ran = await run({
    file,
    args,
    cwd: layout.root,
    env: operatorEnv,
    input: `${JSON.stringify(document)}\n`,
    whole: true,
    timeoutMs: Math.max(1, Math.min(commandMs, deadline())),
  });
  return ran.ok ? null : `${file} ${explain(ran)}`;
}
