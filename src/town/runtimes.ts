import type { Runtime } from '../model/config.ts';
import { presets, runtime } from './runtime-presets.ts';
import type { WrittenRuntime } from './settings-schema.ts';

/**
 * The runtimes an `agents` section describes: a new one needs a command, one named like a preset (or like one of
 * `known`) changes only what it says. Entries without a command are passed over; the settings' check reports them.
 */
export function describedRuntimes(
  agents: Readonly<Record<string, WrittenRuntime>>,
  known: Readonly<Record<string, Runtime>> = presets,
): Readonly<Record<string, Runtime>> {
  return Object.fromEntries(
    Object.entries(agents).flatMap(([name, written]) => {
      const made = describedRuntime(written, Object.hasOwn(known, name) ? known[name] : undefined);
      return made === null ? [] : [[name, made]];
    }),
  );
}

/** One runtime from what was written, on top of another one. Another command brings its own process names. */
export function describedRuntime(written: WrittenRuntime, base: Runtime | undefined): Runtime | null {
  const { command = base?.command } = written;
  if (command === undefined) return null;
  const start =
    base !== undefined && base.command === command ? base : runtime(command, base?.args ?? [], marksOf(base));
  return {
    ...start,
    args: written.args ?? start.args,
    env: { ...start.env, ...written.env },
    processes: written.process_names ?? start.processes,
    prompt: written.prompt ?? start.prompt,
    composer: written.composer ?? start.composer,
    busy: written.busy ?? start.busy,
    context: written.context ?? start.context ?? [],
    hooks: written.hooks ?? start.hooks ?? 'none',
  };
}

function marksOf(base: Runtime | undefined): Partial<Runtime> {
  return base === undefined
    ? {}
    : {
        env: base.env,
        prompt: base.prompt,
        composer: base.composer,
        busy: base.busy,
        context: base.context ?? [],
        hooks: base.hooks ?? 'none',
      };
}
