import type { RigRole, TownRole } from '../../model/agent.ts';
import { type Command, flag, json, text } from '../command.ts';
import type { RoleVerb } from './role.ts';

const roles = ['witness', 'refinery', 'deacon', 'mayor'] as const;

/** A command of these runs for each of the four roles. */
function roleCommand(role: TownRole | RigRole, verb: RoleVerb, purpose: string, does: string): Command {
  const ofRig = role === 'witness' || role === 'refinery';
  const aliases = verb === 'start' ? ['spawn'] : verb === 'attach' ? ['at'] : [];
  return {
    usage: `${role} ${verb}${ofRig ? ' [rig]' : ''}`,
    purpose,
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(ofRig ? { arguments: { rig: 'The project [default: the one you are in]' } } : {}),
    options: verb === 'attach' ? {} : { json },
    ...(ofRig && verb === 'start'
      ? {
          upstreamOnly: {
            foreground: `nothing runs in the foreground; gt ${role} attach RIG starts and shows it`,
          },
        }
      : {}),
    examples: [[`gt ${role} ${verb}${ofRig ? ' proj' : ''}`, does]],
    run: async (given, context) =>
      (await import('./role.ts')).roleCommand(
        verb,
        { town: given.text('town'), role, rig: given.text('rig'), json: given.flag('json') },
        context,
      ),
  };
}

const ofRoles = roles.flatMap((role) => [
  roleCommand(role, 'start', `Makes sure the ${role} runs`, 'starts it, or leaves it alone when it runs'),
  roleCommand(role, 'stop', `Ends the ${role} and keeps it down`, 'no heartbeat brings it back'),
  roleCommand(role, 'restart', `Ends the ${role} and starts it again in its pane`, 'gives it a fresh start'),
  roleCommand(role, 'status', `Tells whether the ${role} runs`, 'asks tmux'),
  roleCommand(role, 'attach', `Starts the ${role} if need be and attaches`, 'C-b d leaves it'),
]);

const rig = text('The project', 'the one you are in');
const all = flag('All of them');
const force = flag("Accepted for upstream's sake; ending is the same either way", 'f');
const account = 'an account is CLAUDE_CONFIG_DIR under env of an agent in settings/config.json';

const ofWorkers: readonly Command[] = [
  {
    usage: 'crew add <names..>',
    purpose: 'Makes a workspace for each of these crew workers: a clone of the project',
    arguments: { names: 'Their names' },
    options: { rig, branch: flag('Give each a branch of its own, crew/NAME'), json },
    examples: [['gt crew add max --rig proj', 'clones proj into proj/crew/max']],
    run: async (given, context) =>
      (await import('./crew-add.ts')).crewAddCommand(
        {
          town: given.text('town'),
          names: given.texts('names'),
          rig: given.text('rig'),
          branch: given.flag('branch'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'crew list',
    purpose: 'Lists the crew workers of a project, or of all',
    options: { rig: text('Only this project', 'all projects'), json },
    examples: [['gt crew list --rig proj', 'shows who has a workspace, and who runs']],
    run: async (given, context) =>
      (await import('./crew-list.ts')).crewListCommand(
        { town: given.text('town'), rig: given.text('rig'), json: given.flag('json') },
        context,
      ),
  },
  ...(['start', 'stop', 'restart'] as const).map(
    (verb): Command => ({
      usage: `crew ${verb} [names..]`,
      purpose: {
        start: 'Makes sure that crew workers run',
        stop: 'Ends crew workers and keeps them down',
        restart: 'Ends crew workers and starts them again',
      }[verb],
      ...(verb === 'stop' ? {} : { aliases: [verb === 'start' ? 'spawn' : 'rs'] }),
      arguments: { names: 'Workers, or a project followed by its workers [default: the one you are in]' },
      options: {
        rig,
        all,
        ...(verb === 'start' ? {} : { 'dry-run': flag('Only say whom it would concern') }),
        ...(verb === 'stop' ? { force } : {}),
        json,
      },
      ...(verb === 'start' ? { upstreamOnly: { account } } : {}),
      examples: [[`gt crew ${verb} proj/max`, 'max of proj, and nobody else']],
      run: async (given, context) =>
        (await import('./crew.ts')).crewCommand(
          verb,
          {
            town: given.text('town'),
            names: given.texts('names'),
            rig: given.text('rig'),
            all: given.flag('all'),
            dryRun: given.flag('dry-run'),
            json: given.flag('json'),
          },
          context,
        ),
    }),
  ),
  {
    usage: 'crew at [name]',
    aliases: ['attach'],
    purpose: 'Starts a crew worker if need be and attaches',
    arguments: { name: 'The worker [default: the one whose workspace this is]' },
    options: {
      rig,
      detached: flag('Start it, do not attach', 'd'),
      'no-tmux': flag('Only print the directory of its workspace'),
    },
    upstreamOnly: { account },
    examples: [['gt crew at max', 'C-b d leaves it']],
    run: async (given, context) =>
      (await import('./crew.ts')).crewAtCommand(
        {
          town: given.text('town'),
          name: given.text('name'),
          rig: given.text('rig'),
          detached: given.flag('detached'),
          noTmux: given.flag('no-tmux'),
        },
        context,
      ),
  },
  {
    usage: 'crew remove <names..>',
    purpose: 'Takes crew workers out of the town; their workspaces are put aside, whole',
    arguments: { names: 'The workers' },
    options: { rig, force: flag('End those first that run', 'f'), json },
    examples: [['gt crew remove max --rig proj', 'proj/crew/max is moved aside, nothing is deleted']],
    run: async (given, context) =>
      (await import('./crew-remove.ts')).crewRemoveCommand(
        {
          town: given.text('town'),
          names: given.texts('names'),
          rig: given.text('rig'),
          force: given.flag('force'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  ...(['start', 'stop', 'restart'] as const).map(
    (verb): Command => ({
      usage: `session ${verb} <agent>`,
      purpose: {
        start: 'Makes sure that a worker runs',
        stop: 'Ends an agent and keeps it down',
        restart: 'Ends an agent and starts it again in its pane',
      }[verb],
      arguments: { agent: 'Whom, in any spelling' },
      options: {
        ...(verb === 'start' ? { issue: text('Work to put on its hook first', 'none') } : {}),
        ...(verb === 'start' ? {} : { force }),
        json,
      },
      examples: [[`gt session ${verb} proj/nux`, 'for a polecat or anybody else']],
      run: async (given, context) =>
        (await import('./session.ts')).sessionCommand(
          verb,
          {
            town: given.text('town'),
            agent: given.text('agent') ?? '',
            issue: given.text('issue'),
            force: given.flag('force'),
            json: given.flag('json'),
          },
          context,
        ),
    }),
  ),
  {
    usage: 'session at <agent>',
    aliases: ['attach'],
    purpose: 'Attaches to an agent, starting it if need be',
    arguments: { agent: 'Whom, in any spelling' },
    examples: [['gt session at proj/nux', 'C-b d leaves it']],
    run: async (given, context) =>
      (await import('./session.ts')).sessionCommand(
        'at',
        { town: given.text('town'), agent: given.text('agent') ?? '' },
        context,
      ),
  },
];

const notTheServer =
  'the tmux server may have sessions of others; gt down alone ends every agent of the town';

const ofTown: readonly Command[] = [
  {
    usage: 'up',
    purpose: 'Ends what gt down began, and makes sure that deacon, mayor, witnesses and refineries run',
    options: {
      quiet: flag('Only say what failed', 'q'),
      restore: flag(
        "Accepted for upstream's sake; the next tick starts polecats that have work on their hook",
      ),
      json,
    },
    examples: [['gt up', 'starts the town, a few agents at a time']],
    run: async (given, context) =>
      (await import('./up.ts')).upCommand(
        { town: given.text('town'), quiet: given.flag('quiet'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'down',
    purpose: 'Ends every agent of the town; nothing comes back before gt up, not after a reboot either',
    options: {
      quiet: flag('Only say what failed', 'q'),
      reason: text('Why, for those who look later', 'none'),
      force,
      json,
    },
    upstreamOnly: { a: notTheServer, all: notTheServer },
    examples: [['gt down', 'stops the town until gt up']],
    run: async (given, context) =>
      (await import('./down.ts')).downCommand(
        {
          town: given.text('town'),
          quiet: given.flag('quiet'),
          reason: given.text('reason'),
          json: given.flag('json'),
        },
        context,
      ),
  },
];

/** What starts, stops and shows agents. */
export const agentCommands: readonly Command[] = [...ofRoles, ...ofWorkers, ...ofTown];
