import { jsonText } from '../../show/json.ts';
import { type Command, flag, json, text } from '../command.ts';

/** What agents say to each other's panes, and what their hooks call (spec/agents.md §3.1, §3.5, §3.6, §3.9). */
export const talkCommands: readonly Command[] = [
  {
    usage: 'nudge <target> [text]',
    purpose:
      'Puts a message into an agent’s inbox and one fixed line into its pane; without a message the line asks for a sign of life. ' +
      'Words of others are never typed. Exit status 0 when told or delivered, also for a deacon that does not run; 1 when not',
    arguments: {
      target:
        'An agent in any spelling, witness or refinery of your rig, @witnesses, @rig/R …, or channel:NAME',
      text: 'What you say; it is read in the inbox [default: --message]',
    },
    options: {
      message: text('The same as the second argument', 'none', 'm'),
      force: flag('Also an agent that wants no nudges', 'f'),
      json,
    },
    examples: [
      ['gt nudge proj/witness "is toast stuck?"', 'the witness is told at once and reads it in its inbox'],
      ['gt nudge deacon', 'asks the deacon for a sign of life'],
    ],
    run: async (given, context) =>
      (await import('./nudge.ts')).nudgeCommand(
        {
          town: given.text('town'),
          target: given.text('target') ?? '',
          text: given.text('text'),
          message: given.text('message'),
          force: given.flag('force'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'peek <target> [lines]',
    purpose: 'Shows the last lines of an agent’s pane; sends no key. Exit status 1 when it has no session',
    arguments: { target: 'An agent in any spelling', lines: 'How many [default: 100]' },
    options: { count: text('How many lines', '100', 'n'), json },
    examples: [['gt peek proj/toast 50', 'shows the last 50 lines of the polecat toast']],
    run: async (given, context) =>
      (await import('./peek.ts')).peekCommand(
        {
          town: given.text('town'),
          target: given.text('target') ?? '',
          lines: given.text('lines') ?? given.text('count'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'prime',
    purpose:
      'Tells an agent who it is, what hangs on its hook, what waits, and what it is to do; exit status always 0',
    options: { hook: flag('Accepted for upstream’s hooks'), json },
    examples: [['gt prime', 'what an agent’s hooks run when it starts']],
    run: async (given, context) => {
      const { primeText } = await import('./prime.ts');
      const { env, cwd } = context;
      const text = await primeText({
        town: given.text('town'),
        env,
        cwd,
        pid: process.pid,
        now: context.now(),
      });
      context.stdout(given.flag('json') ? jsonText({ schema: 'gt.prime/1', text }) : text);
      return 0;
    },
  },
  {
    usage: 'dnd [switch]',
    purpose: 'Whether others’ nudges reach the calling agent: on, off or status',
    arguments: { switch: 'on, off or status [default: status]' },
    options: { json },
    examples: [['gt dnd on', 'nobody’s nudge reaches you, except with --force']],
    run: async (given, context) => {
      const { notifyCommand, switchIn } = await import('./quiet.ts');
      const level = switchIn(given.text('switch'));
      return notifyCommand({ town: given.text('town'), level, json: given.flag('json') }, context);
    },
  },
  {
    usage: 'notify [level]',
    purpose:
      'How much the calling agent is nudged by others: verbose, normal or muted; without a level it says so',
    arguments: { level: 'verbose, normal or muted' },
    options: { json },
    examples: [['gt notify normal', 'nudges reach you again']],
    run: async (given, context) => {
      const { levelIn, notifyCommand } = await import('./quiet.ts');
      const level = levelIn(given.text('level'));
      return notifyCommand({ town: given.text('town'), level, json: given.flag('json') }, context);
    },
  },
  {
    usage: 'costs record',
    purpose: 'What an agent’s Stop hook calls; records nothing, exit status always 0',
    options: {
      session: text('Accepted for upstream’s hooks', 'none'),
      'work-item': text('Accepted for upstream’s hooks', 'none'),
      json,
    },
    examples: [['gt costs record', 'ends at once']],
    run: (given, { stdout }) => {
      if (given.flag('json')) stdout(jsonText({ schema: 'gt.costs.record/1', recorded: false }));
      return 0;
    },
  },
];
