import { type Command, flag, json, text } from '../command.ts';

const noGates = 'there are no gates; gt done --status DEFERRED -m "waits for …" puts the work back';

/** Work, and the hooks it hangs on (spec/agents.md §3.3, §3.7). */
export const workCommands: readonly Command[] = [
  {
    usage: 'hook [words..]',
    purpose:
      'What hangs on a hook. An agent begins hooked work unasked. Exit status 0 whether there is work or not',
    arguments: {
      words:
        'status [AGENT], show [AGENT], attach WORK, clear [WORK], or WORK alone: an id of work or mail, or words, more than one [default: status]',
    },
    options: {
      force: flag('Put back what hangs there already', 'f'),
      'dry-run': flag('Only say what would be done', 'n'),
      subject: text(
        'Subject of a note for yourself, left in your inbox when work is attached',
        'no note',
        's',
      ),
      message: text('Text of that note', 'no note', 'm'),
      json,
    },
    examples: [
      ['gt hook', 'shows your hook'],
      ['gt hook attach "repair the build"', 'writes work down and hangs it on your hook'],
      ['gt hook show proj/toast', 'shows somebody else’s hook on one line'],
    ],
    run: async (given, context) =>
      (await import('./hook.ts')).hookCommand(
        {
          town: given.text('town'),
          words: given.texts('words'),
          force: given.flag('force'),
          dryRun: given.flag('dry-run'),
          subject: given.text('subject'),
          message: given.text('message'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'sling <work> <agent>',
    purpose:
      'Hangs work on an agent’s hook and tells it; a polecat that does not run is started by the next tick',
    arguments: {
      work: 'An id of work or mail, or what is to be done, in more than one word',
      agent: 'An agent in any spelling',
    },
    options: { force: flag('Put back what hangs there already, or take it from whoever has it', 'f'), json },
    examples: [
      ['gt sling "repair the build" proj/toast', 'writes work down and gives it to the polecat toast'],
    ],
    run: async (given, context) =>
      (await import('./sling.ts')).slingCommand(
        {
          town: given.text('town'),
          work: given.text('work') ?? '',
          agent: given.text('agent') ?? '',
          force: given.flag('force'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'done',
    purpose:
      'Ends the work on your hook; of a polecat its witness is told. Exit status 1 when nothing hangs there',
    options: {
      status: text('COMPLETED closes the work; DEFERRED and ESCALATED put it back', 'COMPLETED'),
      issue: text('Which piece, by its id', 'everything on the hook'),
      message: text('A word for the record and the witness', 'none', 'm'),
      exit: {
        kind: 'text',
        describe: 'Ask to be ended then, until somebody starts you again; a status may stand behind it',
        fallback: 'the session goes on',
        bare: true,
      },
      json,
    },
    upstreamOnly: { p: noGates, 'phase-complete': noGates, gate: noGates },
    examples: [
      ['gt done', 'closes your work'],
      ['gt done --status DEFERRED -m "waits for a key"', 'puts it back'],
    ],
    run: async (given, context) =>
      (await import('./done.ts')).doneCommand(
        {
          town: given.text('town'),
          status: given.text('status') ?? (given.text('exit') || undefined),
          exit: given.text('exit') !== undefined,
          issue: given.text('issue'),
          message: given.text('message'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'work list',
    purpose: 'Lists the work that is not closed, oldest first, and who has it',
    options: { json },
    examples: [['gt work list', 'lists open and hooked work']],
    run: async (given, context) =>
      (await import('./work.ts')).workListCommand(
        { town: given.text('town'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'work add <title>',
    purpose: 'Writes a piece of work down; it is nobody’s yet',
    arguments: { title: 'What is to be done, on one line' },
    options: {
      message: text('The details', 'none', 'm'),
      priority: text('0, most urgent, to 4', '2', 'p'),
      json,
    },
    examples: [['gt work add "repair the build" -m "red since noon"', 'prints its id']],
    run: async (given, context) =>
      (await import('./work.ts')).workAddCommand(
        {
          town: given.text('town'),
          title: given.text('title') ?? '',
          description: given.text('message'),
          priority: given.text('priority'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'work show <id>',
    purpose: 'Prints a piece of work with its details, closed or not',
    arguments: { id: 'Its id or the beginning of it' },
    options: { json },
    examples: [['gt work show gw-1k3x9', 'prints it']],
    run: async (given, context) =>
      (await import('./work.ts')).workShowCommand(
        { town: given.text('town'), id: given.text('id') ?? '', json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'work close <ids..>',
    purpose: 'Ends work, whoever has it; doing it twice is harmless',
    arguments: { ids: 'Ids or their beginnings' },
    options: { reason: text('Why, for those who look later', 'none'), json },
    examples: [['gt work close gw-1k3x9 --reason "no longer needed"', 'closes it']],
    run: async (given, context) =>
      (await import('./work.ts')).workCloseCommand(
        {
          town: given.text('town'),
          ids: given.texts('ids'),
          reason: given.text('reason'),
          json: given.flag('json'),
        },
        context,
      ),
  },
];
