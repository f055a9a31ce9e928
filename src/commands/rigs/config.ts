import { existsSync } from 'node:fs';
import { exitStatus } from '../../exit.ts';
import { jsonText } from '../../show/json.ts';
import { oneLine, printable } from '../../show/printable.ts';
import { table } from '../../show/table.ts';
import { effectiveSettings } from '../../town/effective.ts';
import { findTown } from '../../town/find.ts';
import { type Layout, layout } from '../../town/layout.ts';
import { readRegistry } from '../../town/registry.ts';
import { loadConfig, readConfig } from '../../town/settings.ts';
import { describeProblem } from '../../town/settings-problem.ts';
import type { Context } from '../context.ts';

export interface ConfigOptions {
  readonly town?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `gt config show`: every setting that holds, and where it comes from. Invalid settings are a failure (78). */
export function configShowCommand({ town, json }: ConfigOptions, context: Context): number {
  const at = layout(findTown({ town, env: context.env, cwd: context.cwd, reading: true }));
  const loaded = loadConfig(at, rigNames(at));
  const settings = effectiveSettings(loaded, at.settingsFile);
  for (const { message } of loaded.warnings) context.stderr(`${message}\n`);
  context.stdout(
    json === true
      ? jsonText({ schema: 'gt.config/1', town: at.root, settings, warnings: loaded.warnings })
      : table(
          settings.map(({ key, value, origin }) => [
            key,
            origin.replace(`${at.root}/`, ''),
            JSON.stringify(value),
          ]),
        )
          .map(
            (line) => `${printable(line)}
`,
          )
          .join(''),
  );
  return exitStatus.done;
}

/** `gt config validate`: lists everything that is wrong with the settings; 0 when nothing is, else 78. */
export function configValidateCommand({ town, json }: ConfigOptions, context: Context): number {
  const at = layout(findTown({ town, env: context.env, cwd: context.cwd, reading: true }));
  const { problems } = readConfig(at, rigNames(at));
  const valid = problems.length === 0;
  const file = existsSync(at.settingsFile) ? at.settingsFile : null;
  if (json === true) {
    context.stdout(jsonText({ schema: 'gt.config-validate/1', town: at.root, file, valid, problems }));
  } else if (valid && file === null) {
    context.stdout(`There is no ${at.settingsFile}: the defaults are used, as gt config show prints them.\n`);
  } else if (valid) {
    context.stdout(`The settings of ${at.root} are valid.\n`);
  } else {
    context.stdout(problems.map((problem) => `${oneLine(describeProblem(problem), 500)}\n`).join(''));
  }
  return valid ? exitStatus.done : exitStatus.config;
}

function rigNames(at: Layout): readonly string[] {
  const registry = readRegistry(at);
  return registry.known ? [...registry.value.keys()].filter((name) => /^[A-Za-z0-9_-]+$/.test(name)) : [];
}
