import { type Command, flag, json, type Option, text } from '../command.ts';

const wait: Option = {
  kind: 'text',
  describe: 'Wait for the outcome, at most this many seconds (120 without a number)',
  fallback: 'return at once',
  bare: true,
};

/** What agents ask the keeper for, and what answers it. */
export const lifecycleCommands: readonly Command[] = [
  {
    usage: 'handoff',
    purpose: 'For an agent: leaves a note for its successor, and asks to be replaced',
    options: {
      cycle: flag('Be replaced by a fresh agent [default: except for polecats]'),
      restart: flag('Be started again'),
      shutdown: flag('Be ended until somebody starts you again [default: for polecats]'),
      subject: text('Subject of the note', '🤝 HANDOFF: Session cycling', 's'),
      message: text('What the successor should know', 'to look at its hook and its inbox', 'm'),
      stdin: flag('Read that from standard input'),
      wait: text('How many seconds to wait for the end', '120'),
      'dry-run': flag('Only say what would be asked for', 'n'),
      collect: flag(
        "Accepted for upstream's sake; the successor is shown its hook and its inbox anyway",
        'c',
      ),
      watch: flag("Accepted for upstream's sake; the successor comes in the same pane", 'w'),
      json,
    },
    examples: [['gt handoff --cycle -m "tests pass, docs are left"', 'is replaced within seconds']],
    run: async (given, context) =>
      (await import('./handoff.ts')).handoffCommand(
        {
          town: given.text('town'),
          cycle: given.flag('cycle'),
          restart: given.flag('restart'),
          shutdown: given.flag('shutdown'),
          subject: given.text('subject'),
          message: given.text('message'),
          stdin: given.flag('stdin'),
          wait: given.text('wait'),
          dryRun: given.flag('dry-run'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'lifecycle request <action>',
    purpose: 'Asks for an agent to be cycled, restarted or shut down; done within seconds, once',
    arguments: { action: 'cycle, restart, shutdown or stop' },
    options: {
      agent: text('Whom it is for', 'the calling agent'),
      message: text('Why, for those who look later', 'none', 'm'),
      wait,
      json,
    },
    examples: [
      ['gt lifecycle request cycle', 'what an agent runs to get a successor'],
      ['gt lifecycle request stop --agent proj/max', 'ends a worker until it is started again'],
    ],
    run: async (given, context) =>
      (await import('./request.ts')).requestCommand(
        {
          town: given.text('town'),
          action: given.text('action') ?? '',
          agent: given.text('agent'),
          message: given.text('message'),
          wait: given.text('wait'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'lifecycle process',
    purpose:
      'Answers the requests that wait, and nothing else; the next heartbeat comes when it would have come',
    options: {
      wait: text('How many seconds to wait for a tick that is at work', '10'),
      'dry-run': flag('Print what would be done now; change nothing'),
      json,
    },
    examples: [['gt lifecycle process', 'answers the requests that wait']],
    run: async (given, context) =>
      (await import('./process.ts')).processCommand(
        {
          town: given.text('town'),
          wait: given.text('wait'),
          dryRun: given.flag('dry-run'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'lifecycle list',
    purpose:
      'Lists the requests that wait, those being carried out, and the last fifty that ended, with reasons',
    options: { json },
    examples: [['gt lifecycle list', 'shows what was asked for and what became of it']],
    run: async (given, context) =>
      (await import('./list.ts')).lifecycleListCommand(
        { town: given.text('town'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'resume [target]',
    purpose: 'Ends what holds an agent or a project: a shutdown it asked for, or a hold of yours',
    arguments: { target: 'An agent or a rig [default: everybody]' },
    options: { json },
    examples: [['gt resume proj/witness', 'the next tick may start the witness again']],
    run: async (given, context) =>
      (await import('../operator/resume.ts')).resumeCommand(
        { town: given.text('town'), target: given.text('target'), json: given.flag('json') },
        context,
      ),
  },
];
