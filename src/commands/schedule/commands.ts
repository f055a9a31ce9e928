import type { SchedulerName } from '../../model/schedule.ts';
import { type Command, flag, type Given, json, type Option, text } from '../command.ts';

const scheduler: Option = {
  kind: 'text',
  describe: 'Who is to call',
  fallback: 'auto',
  choices: ['auto', 'cron', 'systemd', 'launchd'],
};

function schedulerIn(given: Given): SchedulerName | 'auto' {
  const named = given.text('scheduler');
  return named === 'cron' || named === 'systemd' || named === 'launchd' ? named : 'auto';
}

/** Who calls `gt tick`, and upstream's names for the same. */
export const scheduleCommands: readonly Command[] = [
  {
    usage: 'schedule install',
    purpose: 'Lets cron, systemd or launchd call gt tick for this town from now on; says what it wrote where',
    options: {
      scheduler,
      every: text('How often: whole minutes that divide an hour', 'tick.every of the settings, 1m'),
      print: flag('Print everything that would be written; change nothing'),
      json,
    },
    examples: [
      ['gt schedule install', 'the town is looked after every minute, also after a reboot'],
      ['gt schedule install --scheduler cron --print', 'shows the crontab lines and changes nothing'],
    ],
    run: async (given, context) =>
      (await import('./install.ts')).scheduleInstallCommand(
        {
          town: given.text('town'),
          scheduler: schedulerIn(given),
          every: given.text('every'),
          print: given.flag('print'),
          json: given.flag('json'),
        },
        context,
      ),
  },
  {
    usage: 'schedule uninstall',
    purpose: 'Nobody calls gt tick for this town any more; its agents go on',
    options: { json },
    examples: [['gt schedule uninstall', 'takes away what schedule install wrote, and nothing else']],
    run: async (given, context) =>
      (await import('./uninstall.ts')).scheduleUninstallCommand(
        { town: given.text('town'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'schedule status',
    purpose:
      'Who calls gt tick, when it last ran and how, when it runs next: exit status 0 working, 1 something is wrong, 2 the heartbeat is late',
    options: { json },
    examples: [['gt schedule status', 'shows the schedule and what is wrong with it']],
    run: async (given, context) =>
      (await import('./status.ts')).scheduleStatusCommand(
        { town: given.text('town'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'daemon start',
    purpose: 'The same as schedule install: there is no daemon, a scheduler calls gt tick',
    options: { scheduler, json },
    examples: [['gt daemon start', 'the town is looked after from now on']],
    run: async (given, context) =>
      (await import('./daemon.ts')).daemonStartCommand(
        { town: given.text('town'), scheduler: schedulerIn(given), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'daemon stop',
    purpose: 'The same as schedule uninstall',
    options: { json },
    examples: [['gt daemon stop', 'nobody looks after the town any more']],
    run: async (given, context) =>
      (await import('./daemon.ts')).daemonStopCommand(
        { town: given.text('town'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'daemon status',
    purpose: 'Says that no process is resident, who calls gt tick, and when the next heartbeat is due',
    options: { json },
    examples: [['gt daemon status', 'shows the last and the next heartbeat']],
    run: async (given, context) =>
      (await import('./daemon.ts')).daemonStatusCommand(
        { town: given.text('town'), json: given.flag('json') },
        context,
      ),
  },
  {
    usage: 'daemon logs',
    purpose: 'What heartbeats did and noticed, oldest first',
    options: {
      lines: text('How many', '50', 'n'),
      follow: flag('Go on with what comes; with --json, one document a line', 'f'),
      json,
    },
    examples: [['gt daemon logs -n 20', 'the last twenty events']],
    run: async (given, context) =>
      (await import('./daemon-logs.ts')).daemonLogsCommand(
        {
          town: given.text('town'),
          lines: given.text('lines'),
          follow: given.flag('follow'),
          json: given.flag('json'),
        },
        context,
      ),
  },
];
