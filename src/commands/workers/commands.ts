import { type Command, flag, json, text } from '../command.ts';

const session = { session: 'R/N for a polecat, or any agent in any spelling' };

/** What polecats do and how sessions are (spec/agents.md §1.6, §1.7). */
export const workerCommands: readonly Command[] = [
  {
    usage: 'polecat list [rig]',
    purpose: 'Lists the polecats, what each does and whether it runs',
    arguments: { rig: 'A rig [default: that of the caller, else all]' },
    options: { all: flag('Every rig, wherever you are'), json },
    examples: [['gt polecat list proj', 'lists the polecats of proj']],
    run: async (given, context) =>
      (await import('./polecats.ts')).polecatListCommand(
        {
          town: given.text('town'),
          rig: given.text('rig'),
          all: given.flag('all'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'polecat status <polecat>',
    purpose: 'One polecat: its work, its branch, its session',
    arguments: { polecat: 'R/N, or N in its rig' },
    options: { json },
    examples: [['gt polecat status proj/toast', 'shows the polecat toast']],
    run: async (given, context) =>
      (await import('./polecats.ts')).polecatStatusCommand(
        { town: given.text('town'), target: given.text('polecat') ?? '', json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'polecat add <rig> <name>',
    purpose: 'Makes a polecat: a worktree of the rig on a branch of its own. Never removes one',
    arguments: { rig: 'A rig that has a repository', name: 'Letters, digits, _ and -' },
    options: { json },
    examples: [['gt polecat add proj toast', 'makes proj/polecats/toast']],
    run: async (given, context) =>
      (await import('./polecat-add.ts')).polecatAddCommand(
        {
          town: given.text('town'),
          rig: given.text('rig') ?? '',
          name: given.text('name') ?? '',
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'session list',
    purpose: 'Lists the agents’ sessions, and whether the agent in each is alive',
    options: { rig: text('Only this rig', 'all'), json },
    examples: [['gt session list --rig proj', 'lists the sessions of proj']],
    run: async (given, context) =>
      (await import('./session-list.ts')).sessionListCommand(
        { town: given.text('town'), rig: given.text('rig'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'session status <session>',
    purpose: 'One session: is it there, does its agent live, is somebody attached',
    arguments: session,
    options: { json },
    examples: [['gt session status proj/toast', 'shows the session of the polecat toast']],
    run: async (given, context) =>
      (await import('./session-status.ts')).sessionStatusCommand(
        { town: given.text('town'), target: given.text('session') ?? '', json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'session check [rig]',
    purpose: 'Looks at every polecat; repairs nothing. Exit status 0 however they are',
    arguments: { rig: 'A rig [default: all]' },
    options: { json },
    examples: [['gt session check', 'tells which polecats run']],
    run: async (given, context) =>
      (await import('./session-check.ts')).sessionCheckCommand(
        { town: given.text('town'), rig: given.text('rig'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'session capture <session> [count]',
    purpose: 'Prints what a session’s pane shows; sends no key',
    arguments: { ...session, count: 'How many lines [default: --lines]' },
    options: { lines: text('How many lines', '100', 'n'), json },
    examples: [['gt session capture proj/toast 50', 'prints the last 50 lines']],
    run: async (given, context) =>
      (await import('./session-capture.ts')).sessionCaptureCommand(
        {
          town: given.text('town'),
          target: given.text('session') ?? '',
          lines: given.text('count') ?? given.text('lines'),
          json: given.flag('json'),
        },
        context,
      ),
  },
];
