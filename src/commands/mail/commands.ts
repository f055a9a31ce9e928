import { type Command, flag, type Given, json, text } from '../command.ts';

const mailbox = {
  address: text('Whose mailbox', 'your own'),
  identity: text('The same as --address', 'your own'),
} as const;
const whose = { mailbox: 'Whose mailbox [default: your own]' };

function addressIn(given: Given): string | undefined {
  return given.text('mailbox') ?? given.text('address') ?? given.text('identity');
}

/** The commands that end a message differ in their word only. */
function ending(verb: 'ack' | 'delete' | 'archive' | 'mark-read', purpose: string): Command {
  return {
    usage: `mail ${verb} <ids..>`,
    purpose,
    arguments: { ids: 'Messages, by id or its beginning' },
    options: { json },
    examples: [[`gt mail ${verb} 1k3x9`, 'takes the message out of the inbox; doing it twice is harmless']],
    run: async (given, context) =>
      (await import('./settle.ts')).settleCommand(
        verb,
        { town: given.text('town'), ids: given.texts('ids'), json: given.flag('json') },
        context,
      ),
  };
}

/** `gt mail …` (spec/agents.md §2.2). */
export const mailCommands: readonly Command[] = [
  {
    usage: 'mail inbox [mailbox]',
    purpose: 'Lists what waits in a mailbox, newest first',
    arguments: whose,
    options: { ...mailbox, unread: flag('Without effect: what was read is no longer listed', 'u'), json },
    examples: [
      ['gt mail inbox', 'lists your mail'],
      ['gt mail inbox proj/witness --json', 'prints the mail of a witness as JSON'],
    ],
    run: async (given, context) =>
      (await import('./inbox.ts')).inboxCommand(
        { town: given.text('town'), address: addressIn(given), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'mail read <id>',
    purpose: 'Prints a message, waiting or settled; marks nothing',
    arguments: { id: 'Its id or the beginning of it' },
    options: { json },
    examples: [['gt mail read 1k3x9', 'prints the message']],
    run: async (given, context) =>
      (await import('./read.ts')).readCommand(
        { town: given.text('town'), id: given.text('id') ?? '', json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'mail send [address]',
    purpose: 'Sends a message and tells the recipient if it runs',
    arguments: {
      address: 'mayor/, deacon/, R/witness, R/NAME, overseer, @witnesses, @rig/R, list:X … [default: --to]',
    },
    options: {
      subject: text('What it is about', 'required', 's'),
      message: text('Its text', 'empty', 'm'),
      body: text('The same as --message', 'empty'),
      stdin: flag('Read the text from standard input'),
      to: text('The address', 'the argument'),
      human: flag('To the overseer'),
      self: flag('To your own mailbox'),
      cc: text('Another address that gets a copy; may be repeated', 'nobody'),
      priority: text('urgent, high, normal, low, or 0 to 4', 'normal'),
      urgent: flag('Priority urgent'),
      notify: flag('Raises a normal priority to high', 'n'),
      'no-notify': flag('Do not tell the recipient'),
      type: text('task, scavenge, notification or reply', 'notification'),
      'reply-to': text('The message this answers', 'none'),
      pinned: flag('Stays when the inbox is cleared'),
      wisp: flag('Without effect: every message is kept'),
      permanent: flag('Without effect: every message is kept'),
      json,
    },
    examples: [
      ['gt mail send mayor/ -s "red" -m "since noon"', 'sends to the mayor'],
      ['gt mail send --human -s "ESCALATION: disk full"', 'sends to the overseer'],
    ],
    run: async (given, context) => {
      const town = given.text('town');
      const subject = given.text('subject');
      const { notifierFor } = await import('./notify-pane.ts');
      return (await import('./send.ts')).sendCommand(
        {
          town,
          address: given.text('address') ?? given.text('to'),
          human: given.flag('human'),
          self: given.flag('self'),
          cc: given.texts('cc'),
          subject,
          message: given.text('message') ?? given.text('body'),
          stdin: given.flag('stdin'),
          priority: given.text('priority'),
          urgent: given.flag('urgent'),
          notify: given.flag('notify'),
          noNotify: given.flag('no-notify'),
          type: given.text('type'),
          replyTo: given.text('reply-to'),
          pinned: given.flag('pinned'),
          json: given.flag('json'),
        },
        context,
        notifierFor(subject ?? '', town, context),
      );
    },
  },
  {
    usage: 'mail reply <id>',
    purpose: 'Answers a message, in its thread',
    arguments: { id: 'The message answered' },
    options: {
      message: text('The text', 'required', 'm'),
      subject: text('The subject', 'Re: and the subject answered', 's'),
      stdin: flag('Read the text from standard input'),
      json,
    },
    examples: [['gt mail reply 1k3x9 -m "done"', 'answers the sender']],
    run: async (given, context) => {
      const town = given.text('town');
      const { notifierFor } = await import('./notify-pane.ts');
      return (await import('./reply.ts')).replyCommand(
        {
          town,
          id: given.text('id') ?? '',
          message: given.text('message'),
          subject: given.text('subject'),
          stdin: given.flag('stdin'),
          json: given.flag('json'),
        },
        context,
        notifierFor(given.text('subject') ?? '', town, context),
      );
    },
  },
  ending('ack', 'Takes messages out of the inbox: done with'),
  ending('delete', 'Takes messages out of the inbox'),
  ending('archive', 'Takes messages out of the inbox; they can still be found'),
  ending('mark-read', 'Takes messages out of the inbox: read'),
  {
    usage: 'mail check',
    purpose: 'Tells whether mail waits: exit status 0 when it does, 1 when not; 0 with --json or --inject',
    options: {
      ...mailbox,
      inject: flag("Print a reminder for an agent's context, or nothing, also with --json; for hooks"),
      json,
    },
    examples: [
      ['gt mail check', 'counts your mail'],
      ['gt mail check --inject', "what an agent's hook runs on every prompt"],
    ],
    run: async (given, context) =>
      (await import('./check.ts')).checkCommand(
        {
          town: given.text('town'),
          address: addressIn(given),
          inject: given.flag('inject'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'mail peek',
    purpose: 'Shows the newest message, shortened; exit status 1 without mail',
    options: { ...mailbox, json },
    examples: [['gt mail peek', 'shows the newest message']],
    run: async (given, context) =>
      (await import('./peek.ts')).peekCommand(
        { town: given.text('town'), address: addressIn(given), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'mail search <pattern>',
    purpose: 'Looks for a regular expression in subject and text, without regard to letter case',
    arguments: { pattern: 'A regular expression' },
    options: {
      ...mailbox,
      from: text("Part of the sender's address", 'anybody'),
      subject: flag('Look in the subject only'),
      body: flag('Look in the text only'),
      archive: flag('Look through settled messages too'),
      json,
    },
    examples: [['gt mail search "build.*red" --archive', 'finds it among old mail too']],
    run: async (given, context) =>
      (await import('./search.ts')).searchCommand(
        {
          town: given.text('town'),
          pattern: given.text('pattern') ?? '',
          address: addressIn(given),
          from: given.text('from'),
          subject: given.flag('subject'),
          body: given.flag('body'),
          archive: given.flag('archive'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'mail thread <id>',
    purpose: 'Prints a conversation, oldest message first, settled ones too',
    arguments: { id: 'A thread, or any message in it' },
    options: { json },
    examples: [['gt mail thread 1k3x9', 'lists the conversation around a message']],
    run: async (given, context) =>
      (await import('./thread.ts')).threadCommand(
        { town: given.text('town'), id: given.text('id') ?? '', json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'mail clear [mailbox]',
    purpose: 'Empties an inbox, except for pinned messages and waiting requests',
    arguments: whose,
    options: { all: flag('Those too'), json },
    examples: [['gt mail clear', 'empties your inbox']],
    run: async (given, context) =>
      (await import('./clear.ts')).clearCommand(
        {
          town: given.text('town'),
          address: given.text('mailbox'),
          all: given.flag('all'),
          json: given.flag('json'),
        },
        context,
      ),
  },
];
