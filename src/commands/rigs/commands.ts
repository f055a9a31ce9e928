import { type Command, json } from '../command.ts';

/** `gt rig …` (spec/agents.md §3.12) and `gt config …`. */
export const rigCommands: readonly Command[] = [
  {
    usage: 'rig add <name> [source]',
    purpose: 'Registers a project; clones it when a git URL or path is given',
    arguments: { name: 'Letters, digits, _ and -', source: 'A git URL or a path [default: an empty rig]' },
    options: {
      prefix: { kind: 'text', describe: 'Prefix of its work items', fallback: 'made from the name' },
      json,
    },
    examples: [['gt rig add proj https://example.org/proj.git', 'clones a project into the town']],
    run: async (given, context) =>
      (await import('./add.ts')).rigAddCommand(
        {
          town: given.text('town'),
          name: given.text('name') ?? '',
          source: given.text('source'),
          prefix: given.text('prefix'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'rig list',
    purpose: 'Lists the projects and how they are',
    options: { json },
    examples: [['gt rig list', 'lists the projects']],
    run: async (given, context) => {
      const { runningSessions } = await import('./sessions.ts');
      const town = given.text('town');
      const options = { town, json: given.flag('json'), sessions: () => runningSessions(town, context) };
      return (await import('./rig.ts')).rigListCommand(options, context);
    },
  },
  {
    usage: 'rig remove <name>',
    purpose: 'Takes a project out of the town; its files and sessions stay',
    arguments: { name: 'The project' },
    options: { json },
    examples: [['gt rig remove proj', 'the tick looks after proj no longer']],
    run: async (given, context) => {
      const { runningSessions } = await import('./sessions.ts');
      const town = given.text('town');
      const sessions = () => runningSessions(town, context);
      const options = { town, name: given.text('name') ?? '', json: given.flag('json'), sessions };
      return (await import('./rig.ts')).rigRemoveCommand(options, context);
    },
  },
  {
    usage: 'rig park <name>',
    purpose: 'Keeps a project, but starts and wakes none of its agents until it is unparked',
    arguments: { name: 'The project' },
    options: { reason: { kind: 'text', describe: 'Why, for those who look later', fallback: 'none' }, json },
    examples: [['gt rig park proj --reason "waiting for review"', 'nobody is started in proj any more']],
    run: async (given, context) =>
      (await import('./park.ts')).rigParkCommand(
        {
          town: given.text('town'),
          name: given.text('name') ?? '',
          reason: given.text('reason'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'rig unpark <name>',
    purpose: 'Ends the parking of a project',
    arguments: { name: 'The project' },
    options: { json },
    examples: [['gt rig unpark proj', 'the next tick starts what is missing in proj']],
    run: async (given, context) =>
      (await import('./park.ts')).rigUnparkCommand(
        { town: given.text('town'), name: given.text('name') ?? '', json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'config show',
    purpose: 'Shows every setting that holds, and where it comes from',
    options: { json },
    examples: [['gt config show', 'lists the settings with their origin']],
    run: async (given, context) =>
      (await import('./config.ts')).configShowCommand(
        { town: given.text('town'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'config validate',
    purpose: 'Lists everything that is wrong with the settings: exit status 0 when nothing is, 78 otherwise',
    options: { json },
    examples: [['gt config validate', 'checks settings/config.json']],
    run: async (given, context) =>
      (await import('./config.ts')).configValidateCommand(
        { town: given.text('town'), json: given.flag('json') },
        context,
      ),
  },
];
