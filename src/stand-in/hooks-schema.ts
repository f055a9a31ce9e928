import * as v from 'valibot';

/** One command of a hook; other kinds (a prompt, an address) exist and are no concern of a stand-in. */
const handler = v.variant('type', [
  v.object({
    type: v.literal('command'),
    command: v.pipe(v.string(), v.nonEmpty()),
    timeout: v.optional(v.pipe(v.number(), v.gtValue(0))),
  }),
  v.object({ type: v.picklist(['prompt', 'agent', 'http']) }),
]);

const settings = v.looseObject({
  hooks: v.optional(
    v.record(v.string(), v.array(v.object({ matcher: v.optional(v.string()), hooks: v.array(handler) }))),
    {},
  ),
});

/** A command that runs on an event. `timeoutSeconds` is null where the settings name none. */
export interface HookCommand {
  readonly event: string;
  readonly matcher: string;
  readonly command: string;
  readonly timeoutSeconds: number | null;
}

/**
 * The hooks of a settings file in the form Claude Code documents: event → matchers → commands. Throws a sentence when
 * the text has another form.
 */
export function parseHooks(text: string): readonly HookCommand[] {
  const parsed = v.safeParse(settings, JSON.parse(text));
  if (!parsed.success) throw new TypeError(v.summarize(parsed.issues));
  return Object.entries(parsed.output.hooks).flatMap(([event, groups]) =>
    groups.flatMap(({ matcher = '', hooks }) =>
      hooks.flatMap((hook) =>
        hook.type === 'command'
          ? [{ event, matcher, command: hook.command, timeoutSeconds: hook.timeout ?? null }]
          : [],
      ),
    ),
  );
}
