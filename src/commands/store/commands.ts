import { type Command, flag, json } from '../command.ts';

/** Where mail, records and work are kept. */
export const storeCommands: readonly Command[] = [
  {
    usage: 'store migrate',
    purpose: 'Moves mail, records and open work to the other store; proves the copy, deletes nothing',
    options: {
      to: {
        kind: 'text',
        describe: 'Where to',
        fallback: 'must be given',
        choices: ['files', 'beads'],
      },
      'dry-run': flag('Say what would be moved, and change nothing'),
      json,
    },
    examples: [['gt store migrate --to files --dry-run', 'says what is in the beads of this town']],
    run: async (given, context) =>
      (await import('./migrate.ts')).migrateCommand(
        {
          town: given.text('town'),
          to: given.text('to'),
          dryRun: given.flag('dry-run'),
          json: given.flag('json'),
        },
        context,
      ),
  },
];
