import { type Command, flag, json, text } from '../command.ts';

/** Commands that look after the town itself. */
export const careCommands: readonly Command[] = [
  {
    usage: 'doctor',
    purpose:
      'Looks for everything that stops a town: exit status 0 healthy, 1 findings, each with what to do about it',
    options: {
      fix: flag(
        'Put right what needs no decision: rights, directories, remains of killed writers, the list of towns',
      ),
      verbose: flag("Accepted for upstream's sake; what was looked at is always told", 'v'),
      rig: text(
        "Accepted for upstream's sake; a project that must exist: every one is examined",
        'every one',
      ),
      'as-cron': flag("Also run the gate and a dry run in the scheduler's environment, and compare"),
      json,
    },
    examples: [
      ['gt doctor', 'examines the town'],
      ['gt doctor --as-cron', 'tells what the scheduler cannot find'],
    ],
    run: async (given, context) =>
      (await import('./doctor.ts')).doctorCommand(
        {
          town: given.text('town'),
          rig: given.text('rig'),
          fix: given.flag('fix'),
          asCron: given.flag('as-cron'),
          json: given.flag('json'),
        },
        context,
      ),
  },
];
