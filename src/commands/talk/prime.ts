import { outsideText, visitorText } from '../../agents/prompts/nobody.ts';
import { roleText } from '../../agents/prompts/role.ts';
import type { Agent } from '../../model/agent.ts';
import type { Mailbox } from '../../model/message.ts';
import { oneLine, printable } from '../../show/printable.ts';
import { findTown } from '../../town/find.ts';
import { sessionOf } from '../../town/identity.ts';
import { homeOf } from '../../town/layout.ts';
import { addressOf, mailboxOf, mailboxOfAgent } from '../../town/mailbox.ts';
import { callerOf } from '../caller.ts';
import { actingAgent, standingAgent } from '../standing.ts';
import { type WaitingFor, waitingFor } from './waiting.ts';

/** Longer descriptions and notes are cut: the briefing goes into an agent's context. */
const mostText = 4000;

export interface PrimeOptions {
  readonly town?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Empty when it no longer exists. */
  readonly cwd: string;
  readonly pid: number;
  /** The clock's, where nothing else is given. */
  readonly now?: Date | undefined;
}

/**
 * What `gt prime` prints (spec/agents.md §3.1): who the agent is, then what hangs on its hook and what its predecessor
 * left, then how much mail waits, then its role. Hooks run it at every start and every compaction, in any state of the
 * town: it reads a directory listing or two, changes nothing, and never fails; what cannot be read is left out and said.
 */
export async function primeText(options: PrimeOptions): Promise<string> {
  const root = townOrNull(options);
  if (root === null) return outsideText;
  try {
    return await briefing(root, options);
  } catch {
    // An environment or a directory that cannot even be looked at names nobody.
    return visitorText(root);
  }
}

async function briefing(root: string, options: PrimeOptions): Promise<string> {
  const { env, cwd } = options;
  const called = callerOf(root, { env, cwd });
  const standing = standingAgent(root, cwd);
  const agent = actingAgent(root, { env, cwd });
  if (agent === null) return visitorText(root);
  const waiting = await waitingFor(root, agent, env);
  const note = await noteText(waiting, mailboxOfAgent(agent), options.now ?? new Date());
  const parts = [
    whoText(root, agent, options),
    misplacedText(root, called, standing, cwd),
    hookedText(waiting),
    note,
    mailText(waiting),
    roleText(agent),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function townOrNull({ town, env, cwd }: PrimeOptions): string | null {
  try {
    return findTown({ town, env, cwd, reading: true });
  } catch {
    return null;
  }
}

function whoText(root: string, agent: Agent, { env, pid }: PrimeOptions): string {
  const session = oneLine(env.CLAUDE_SESSION_ID || `${agent.id}-${pid}`);
  return [
    `[GAS TOWN] role:${agent.id} pid:${pid} session:${session}`,
    '',
    `You are \`${agent.id}\` in the town ${root}. Your directory: ${homeOf(root, agent)}. Your mailbox: ${addressOf(mailboxOfAgent(agent))}. Your tmux session: ${sessionOf(agent)}.`,
    '',
  ].join('\n');
}

/** The environment wins; but whoever works in somebody else's directory should know. */
function misplacedText(root: string, called: Agent | null, standing: Agent | null, cwd: string): string {
  if (called === null || standing === null || called.id === standing.id || called.role === 'mayor') return '';
  return `⚠️  ROLE/LOCATION MISMATCH: you are ${called.id}, but ${oneLine(cwd)} is the place of ${standing.id}. Your own is ${homeOf(root, called)}.\n`;
}

/** Work on the agent's hook. */
function hookedText({ hooked }: WaitingFor): string {
  if (!hooked.known)
    return `## Your hook cannot be read\n${oneLine(hooked.reason)}. Ask again: \`gt hook\`\n`;
  if (hooked.value.length === 0) return '';
  return [
    '## 🚨 AUTONOMOUS WORK MODE 🚨',
    'Work hangs on your hook: begin now, without asking and before reading mail. When it is finished: `gt done`.',
    '',
    ...hooked.value.flatMap(({ id, title, description }) => [
      `🪝 ${id}: ${oneLine(title)}`,
      ...(description.trim() === '' ? [] : [quoted(description)]),
      '',
    ]),
  ].join('\n');
}

/** How much waits. */
function mailText({ mail }: WaitingFor): string {
  if (!mail.known)
    return `Your inbox cannot be read: ${oneLine(mail.reason)}. Ask again: \`gt mail inbox\`\n`;
  const unread = mail.value.length;
  if (unread === 0) return '';
  return `📬 ${unread} unread message${unread === 1 ? '' : 's'} in your inbox: \`gt mail inbox\`\n`;
}

/** What the predecessor left. Mostly nothing, so what tells times is only then loaded. */
async function noteText({ mail }: WaitingFor, mailbox: Mailbox, now: Date): Promise<string> {
  if (!mail.known) return '';
  const [newest, ...older] = mail.value.filter(
    ({ from, subject }) => mailboxOf(from) === mailbox && subject.includes('HANDOFF'),
  );
  if (newest === undefined) return '';
  const { momentText } = await import('../../show/time.ts');
  const when = newest.at === null ? '' : `, ${momentText(new Date(newest.at), now)}`;
  return [
    '## 🤝 Handoff from Previous Session',
    `${oneLine(newest.subject)} (${newest.id}${when})`,
    quoted(newest.body),
    `Taken over? \`gt mail ack ${newest.id}\`${older.length === 0 ? '' : `; older notes: ${older.map(({ id }) => id).join(', ')}`}`,
    '',
  ].join('\n');
}

/** Somebody's text, recognisable as such: no line of it can pass for one of ours. */
function quoted(text: string): string {
  const cut = text.length > mostText ? `${text.slice(0, mostText)}\n… (cut)` : text;
  return printable(cut)
    .trim()
    .split('\n')
    .map((line) => `> ${line.replaceAll(/<(?=[/!a-z])/gi, '‹')}`)
    .join('\n');
}
