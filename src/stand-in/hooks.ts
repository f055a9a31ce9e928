import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRun } from '../run.ts';
import { type HookCommand, parseHooks } from './hooks-schema.ts';

/** What happened, with what its hooks are told besides; `matched` is what a matcher is held against. */
export type HookEvent =
  | { readonly name: 'SessionStart'; readonly matched: string; readonly fields: { readonly source: string } }
  | { readonly name: 'UserPromptSubmit'; readonly matched: ''; readonly fields: { readonly prompt: string } }
  | {
      readonly name: 'Stop';
      readonly matched: '';
      readonly fields: { readonly stop_hook_active: boolean };
    }
  | {
      readonly name: 'PreCompact';
      readonly matched: string;
      readonly fields: { readonly trigger: string; readonly custom_instructions: string };
    };

/** Hooks as the agent of one directory runs them. */
export interface Hooks {
  /** Runs every hook of an event, all at once; false when one of them forbids what was about to happen. */
  readonly fire: (event: HookEvent) => Promise<boolean>;
}

/** How many bytes of a hook's output are noted. */
const noted = 2000;

/** The stricter of the limits that its vendor documented over time: a hook must end within them, seconds. */
const patienceSeconds = { other: 60, UserPromptSubmit: 30 };

/**
 * Runs hooks as Claude Code documents it: those of the person's settings and of the work directory's two files, merged;
 * never those of a directory above. Each command goes through a shell in the work directory, with the event as JSON on
 * its standard input; the same command runs once for an event. Status 0 is success, and what a start or a prompt prints
 * becomes context; 2 forbids a prompt, a stop or a compaction; any other is a failure that stops nothing. `note` is told of
 * every run, and of settings that cannot be read.
 */
export function openHooks({
  cwd,
  env,
  note,
}: {
  readonly cwd: string;
  /** Asked anew for each run. */
  readonly env: () => Readonly<Record<string, string | undefined>>;
  readonly note: (entry: Readonly<Record<string, unknown>>) => void;
}): Hooks {
  const { HOME: home = '' } = env();
  const files = [
    `${home}/.claude/settings.json`,
    `${cwd}/.claude/settings.json`,
    `${cwd}/.claude/settings.local.json`,
  ];
  const all = files.flatMap((file) => hooksIn(file, note));
  const session = randomUUID();
  const about = { session_id: session, transcript_path: `${home}/.claude/projects/${session}.jsonl`, cwd };

  const runOne = async ({ command, timeoutSeconds }: HookCommand, event: HookEvent) => {
    const given = env();
    const seconds =
      timeoutSeconds ??
      (event.name === 'UserPromptSubmit' ? patienceSeconds.UserPromptSubmit : patienceSeconds.other);
    const { exit, stdout, stderr, failure, ms } = await createRun({ path: (given.PATH ?? '').split(':') })({
      file: 'sh',
      args: ['-c', command],
      cwd,
      env: { ...given, CLAUDE_PROJECT_DIR: cwd },
      input: JSON.stringify({ ...about, hook_event_name: event.name, ...event.fields }),
      timeoutMs: seconds * 1000,
    });
    const heard = event.name === 'SessionStart' || event.name === 'UserPromptSubmit';
    note({
      hook: event.name,
      matched: event.matched,
      command,
      status: exit,
      failure,
      ms: Math.round(ms),
      context: exit === 0 && heard ? stdout.length : 0,
      stdout: stdout.slice(0, noted),
      stderr: stderr.slice(0, noted),
    });
    return exit !== 2 || event.name === 'SessionStart';
  };

  return {
    fire: async (event) => {
      const wanted = all.filter((hook) => hook.event === event.name && matches(hook.matcher, event.matched));
      const once = wanted.filter(
        ({ command }, index) => wanted.findIndex((other) => other.command === command) === index,
      );
      const allowed = await Promise.all(once.map((hook) => runOne(hook, event)));
      return allowed.every(Boolean);
    },
  };
}

function hooksIn(
  file: string,
  note: (entry: Readonly<Record<string, unknown>>) => void,
): readonly HookCommand[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  try {
    return parseHooks(text);
  } catch (error) {
    note({ settings: file, error: error instanceof Error ? error.message : String(error) });
    return [];
  }
}

/** Nothing and `*` match everything; anything else is a pattern for the whole of it. */
function matches(matcher: string, matched: string): boolean {
  return matcher === '' || matcher === '*' || new RegExp(`^(?:${matcher})$`).test(matched);
}
