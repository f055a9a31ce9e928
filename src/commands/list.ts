import { agentCommands } from './agents/commands.ts';
import { type Command, flag, json, text } from './command.ts';
import { careCommands } from './doctor/commands.ts';
import { lifecycleCommands } from './lifecycle/commands.ts';
import { mailCommands } from './mail/commands.ts';
import { operatorCommands } from './operator/commands.ts';
import { rigCommands } from './rigs/commands.ts';
import { scheduleCommands } from './schedule/commands.ts';
import { storeCommands } from './store/commands.ts';
import { talkCommands } from './talk/commands.ts';
import { workCommands } from './work/commands.ts';
import { workerCommands } from './workers/commands.ts';

/** Commands of two words, by their first. */
export const groups: Readonly<Record<string, string>> = {
  rig: 'Projects of the town',
  config: 'Settings of the town',
  deacon: 'Looks after the whole town',
  witness: 'Watches over the workers of a project',
  refinery: 'Brings the finished work of a project together',
  mayor: 'Coordinates the work of the town',
  crew: 'Workers with a workspace of their own',
  mail: 'Messages between agents and people',
  work: 'Pieces of work',
  polecat: 'Workers that take one piece of work each',
  session: 'Sessions of agents',
  costs: 'What agents’ hooks report',
  alerts: 'What is wrong for a while, and who was told',
  lifecycle: 'Requests to be cycled, restarted or shut down',
  schedule: 'Who calls gt tick',
  store: 'Where mail, records and work are kept',
  daemon: 'Upstream’s names for the schedule; no process stays resident',
};

/** Short names of groups, as upstream has them (spec/agents.md §1). */
export const groupAliases: Readonly<Record<string, readonly string[]>> = {
  deacon: ['dea'],
  refinery: ['ref'],
  mayor: ['may'],
  polecat: ['cat', 'polecats'],
  session: ['sess'],
};

const noRepository = 'the town is no repository; git init DIR makes it one';

/** Every command of `gt`, in the order of its help. */
export const commands: readonly Command[] = [
  {
    usage: 'install [dir]',
    purpose: 'Makes a town, or completes one; never overwrites',
    arguments: { dir: 'Where [default: GT_TOWN_ROOT, else GT_ROOT, else the current directory]' },
    options: {
      agent: { kind: 'text', describe: 'What agents run: a preset, or a command line', fallback: 'claude' },
      socket: { kind: 'text', describe: 'Name of the tmux server', fallback: 'the default server' },
      store: {
        kind: 'text',
        describe: 'Where mail and work are kept',
        fallback: 'files',
        choices: ['files', 'beads'],
      },
      name: text('What the town is called', 'the name of its directory', 'n'),
      force: flag("Accepted for upstream's sake; a town that is there is completed, never overwritten", 'f'),
      json,
    },
    upstreamOnly: {
      git: noRepository,
      github: noRepository,
      public: noRepository,
      'no-beads': 'that is how it is without --store beads',
      owner: 'nobody owns a town; who mail for people is for, mayor/overseer.json says',
      'public-name': 'a town has one name, --name',
    },
    examples: [['gt install ~/gt', 'makes a town in ~/gt']],
    run: async (given, context) =>
      (await import('./install/install.ts')).installCommand(
        {
          dir: given.text('dir') ?? given.text('town'),
          agent: given.text('agent'),
          socket: given.text('socket'),
          store: given.text('store'),
          name: given.text('name'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  ...rigCommands,
  {
    usage: 'tick',
    purpose: 'One heartbeat, if one is due: looks at the town, puts right what is wrong, and says why',
    options: {
      force: flag('Run a pass now, due or not'),
      'dry-run': flag('Print what a pass would do now; change nothing'),
      only: { kind: 'text', describe: 'Act on this agent alone', fallback: 'all agents' },
      all: flag(
        'One tick for each town of this user. Exit status: the worst of them, in the order 0, 75, 124, 1, 69, 78, 77, 73, 74, 65, 64, 70, any other',
      ),
      json,
    },
    examples: [
      ['gt tick', 'what cron or a systemd timer runs every minute'],
      ['gt tick --all', 'the same for every town of this user'],
      ['gt tick --dry-run', 'shows the plan and changes nothing'],
    ],
    run: async (given, context) => {
      const [town, only] = [given.text('town'), given.text('only')];
      const asked = {
        force: given.flag('force'),
        dryRun: given.flag('dry-run'),
        json: given.flag('json'),
      };
      if (given.flag('all'))
        return (await import('./tick/tick-all.ts')).tickAllCommand({ ...asked, one: town ?? only }, context);
      return (await import('./tick/tick.ts')).tickCommand({ town, only, ...asked }, context);
    },
  },
  {
    usage: 'due',
    purpose: 'Tells whether a heartbeat is due: exit status 0 when it is, 1 when it is not',
    options: { json },
    examples: [['gt due', 'says when the next heartbeat comes']],
    run: async (given, context) =>
      (await import('./tick/due.ts')).dueCommand(
        { town: given.text('town'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'status',
    aliases: ['stat'],
    purpose:
      'The town on one screen: exit status 0 healthy, 1 degraded, 2 the heartbeat is late, 3 cannot be told',
    options: {
      watch: flag('Look again every two seconds, on a terminal'),
      fast: flag("Accepted for upstream's sake; one look is all it ever takes"),
      json,
    },
    examples: [['gt status', 'shows the heartbeat, who is not well, and what comes next']],
    run: async (given, context) =>
      (await import('./operator/status.ts')).statusCommand(
        { town: given.text('town'), watch: given.flag('watch'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'deacon heartbeat [action..]',
    purpose: 'The deacon shows that it lives',
    arguments: { action: 'What it is doing, in words' },
    options: { await: text('How long it waits now, and is not to be called', 'it does not wait'), json },
    examples: [['gt deacon heartbeat starting rounds', 'what the deacon runs when it wakes']],
    run: async (given, context) =>
      (await import('./signs/deacon.ts')).heartbeatCommand(
        {
          town: given.text('town'),
          action: given.texts('action'),
          await: given.text('await'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  ...mailCommands,
  ...talkCommands,
  ...workCommands,
  ...workerCommands,
  ...agentCommands,
  ...lifecycleCommands,
  ...operatorCommands,
  ...careCommands,
  ...storeCommands,
  ...scheduleCommands,
  {
    usage: 'demo',
    purpose:
      'A throw-away town on its own tmux server: starts it, breaks it, and shows the tick repairing it',
    options: { keep: flag('Leave the town and its agents for a look') },
    examples: [['gt demo', 'takes less than a minute and leaves nothing behind']],
    run: async (given, context) =>
      (await import('./demo.ts')).demoCommand({ keep: given.flag('keep') }, context),
  },
  {
    usage: 'version',
    purpose: 'Prints the version',
    options: { json },
    examples: [['gt version', 'prints the version of gt and of Node']],
    run: async (given, context) =>
      (await import('./version.ts')).versionCommand({ json: given.flag('json') }, context),
  },
];
