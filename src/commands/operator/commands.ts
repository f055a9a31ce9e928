import { type Command, flag, json, text } from '../command.ts';

/** Looking at what the tick does, and the operator's hand. */
export const operatorCommands: readonly Command[] = [
  {
    usage: 'why <agent>',
    purpose:
      'Explains one agent: how it was found, what holds or slows it, what the last pass did and why, what comes next',
    arguments: { agent: 'Whom, in any spelling' },
    options: { json },
    examples: [['gt why deacon', 'says why the deacon was started, woken or left alone']],
    run: async (given, context) =>
      (await import('./why.ts')).whyCommand(
        { town: given.text('town'), agent: given.text('agent') ?? '', json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'log [agent]',
    purpose: 'Tells what was done and found in the town, and why, oldest first',
    arguments: { agent: 'An agent or a rig [default: everybody]' },
    options: {
      follow: flag('Go on with what comes; with --json, one document a line', 'f'),
      since: text('From when: 2h, 14:03 or 2026-11-21', 'as far back as --lines reaches'),
      lines: text('How many of the newest', '50; all of them with --since', 'n'),
      json,
    },
    examples: [
      ['gt log deacon --since 2h', 'tells the story of the deacon in the last two hours'],
      ['gt log --follow', 'tells what happens as it happens'],
    ],
    run: async (given, context) =>
      (await import('./log.ts')).logCommand(
        {
          town: given.text('town'),
          agent: given.text('agent'),
          follow: given.flag('follow'),
          since: given.text('since'),
          lines: given.text('lines'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'replay [pass]',
    purpose:
      'Decides once more on what a stored pass saw, and says whether the plan is the same; changes nothing',
    arguments: { pass: 'Its id, the beginning or the end of it, or last [default: list the passes]' },
    options: { json },
    examples: [
      ['gt replay', 'lists the passes that are kept'],
      ['gt replay last', 'decides the last pass once more'],
    ],
    run: async (given, context) =>
      (await import('./replay.ts')).replayCommand(
        { town: given.text('town'), pass: given.text('pass'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'hold [target]',
    purpose:
      'Stop: starts and wakes nobody in the town, a rig, or one agent, until gt resume; what runs goes on',
    arguments: { target: 'An agent or a rig [default: the whole town]' },
    options: {
      reason: text('Why, for those who find it later; must be given', 'none'),
      for: text('How long: 30m, 2h, 1d', 'until somebody ends it'),
      json,
    },
    examples: [
      ['gt hold proj --reason "moving house" --for 2h', 'leaves the agents of proj alone for two hours'],
      ['gt hold --reason "nobody is at home"', 'stops the whole town'],
    ],
    run: async (given, context) =>
      (await import('./hold.ts')).holdCommand(
        {
          town: given.text('town'),
          target: given.text('target'),
          reason: given.text('reason'),
          for: given.text('for'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'reset <agent>',
    purpose:
      'Forgets what slows an agent down: its brake, its deaths, its silence; the next tick decides anew',
    arguments: { agent: 'Whom, in any spelling' },
    options: { json },
    examples: [['gt reset proj/witness', 'the next tick may start the witness at once']],
    run: async (given, context) =>
      (await import('./reset.ts')).resetCommand(
        { town: given.text('town'), agent: given.text('agent') ?? '', json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'alerts list',
    purpose: 'Lists what is wrong, since when, and who was told',
    options: { all: flag('Also what is over'), json },
    examples: [['gt alerts list', 'shows what is wrong']],
    run: async (given, context) =>
      (await import('./alerts.ts')).alertsCommand(
        { town: given.text('town'), all: given.flag('all'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'alerts ack <alert>',
    purpose: 'Says that an alert is known: nothing reminds of it any more; its end is still told',
    arguments: { alert: 'Its key, the beginning of it, or its agent' },
    options: { json },
    examples: [['gt alerts ack crash-loop:proj/witness', 'stops the reminders of that alert']],
    run: async (given, context) =>
      (await import('./alerts.ts')).alertAckCommand(
        { town: given.text('town'), alert: given.text('alert') ?? '', json: given.flag('json') },
        context,
      ),
  },
];
