import * as v from 'valibot';
import { parseDuration } from './duration.ts';
import { machine } from './machine-schema.ts';

/**
 * The form of `settings/config.json` and of a rig's own settings: keys as in the file, durations as text
 * (`5m`, `90s`, `1h30m`) that become milliseconds. Messages complete "KEY is VALUE: it …".
 */

const minute = 60_000;
const day = 1440 * minute;

function duration(longest: number) {
  return v.pipe(
    v.string('must be a duration in quotes, such as "5m", "90s" or "1h30m"'),
    v.rawTransform<string, number>(({ dataset, addIssue, NEVER }) => {
      const ms = parseDuration(dataset.value);
      if (ms === null) addIssue({ message: 'must be a duration such as 5m, 90s or 1h30m, without blanks' });
      else if (ms === 0) addIssue({ message: 'must be longer than nothing' });
      else if (ms > longest) addIssue({ message: `must be at most ${longest / minute} minutes` });
      else return ms;
      return NEVER;
    }),
  );
}

const count = v.pipe(
  v.number('must be a whole number'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(10_000, 'must be at most 10000'),
);

/** `HH:MM` → minutes of the day. */
const clock = v.pipe(
  v.string('must be a time of day in quotes, such as "22:00"'),
  v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:00'),
  v.transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))),
);

const word = v.pipe(
  v.string('must be text'),
  v.nonEmpty('must not be empty'),
  v.regex(/^[^\u0000-\u001f\u007f]*$/, 'must not contain control characters'),
);

const command = v.pipe(
  word,
  v.check(
    (text) => text.startsWith('/') || !text.includes('/'),
    'must be a bare name or an absolute path: agents start in different directories',
  ),
  v.check(
    (text) => text.startsWith('/') || !/\s/.test(text),
    'must be one program: its arguments belong in args',
  ),
);

const argument = v.pipe(v.string('must be text'), v.regex(/^[^\u0000]*$/, 'must not contain a NUL byte'));

const variable = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'),
);

const agentName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, 'must be a name of letters, digits, _ . and -'),
);

const directory = v.pipe(
  word,
  v.startsWith('/', 'must be an absolute path'),
  v.excludes(':', 'must be one directory: a colon separates directories'),
);

/** A bare name is looked for on the search path; a relative path would depend on where the tick was started. */
function isPing(value: unknown): boolean {
  if (typeof value === 'string') return /^https?:\/\/[^\s\u0000-\u001f]+$/.test(value) && URL.canParse(value);
  if (!Array.isArray(value) || !value.every((part) => typeof part === 'string' && !part.includes('\0')))
    return false;
  return isProgram(value[0]);
}

/** A bare name or an absolute path. */
function isProgram(value: unknown): boolean {
  return typeof value === 'string' && /^(?:\/.*|[^/\s]+)$/.test(value);
}

const runtime = v.object(
  {
    command: v.optional(command),
    args: v.optional(v.array(argument, 'must be a list of arguments')),
    env: v.optional(v.record(variable, argument, 'must be an object of environment variables')),
    process_names: v.optional(
      v.pipe(v.array(word, 'must be a list of process names'), v.minLength(1, 'must name a process')),
    ),
    prompt: v.optional(v.picklist(['argument', 'none'], 'must be "argument" or "none"')),
    composer: v.optional(v.array(word, 'must be a list of prompt marks')),
    busy: v.optional(v.array(word, 'must be a list of texts')),
    context: v.optional(v.array(word, 'must be a list of texts')),
    hooks: v.optional(v.picklist(['claude', 'none'], 'must be "claude" or "none"')),
  },
  'must be an object with a command',
);

const agents = v.optional(v.record(agentName, runtime, 'must be an object of agents by name'), {});

/** Upstream's `boot` and `dog` are accepted; nothing here starts them. */
const role = v.picklist(
  ['mayor', 'deacon', 'witness', 'refinery', 'crew', 'polecat', 'boot', 'dog'],
  'is not a role (mayor, deacon, witness, refinery, crew, polecat)',
);
const roleAgents = v.optional(v.record(role, word, 'must be an object of agents by role'), {});

const tier = v.object(
  { below: v.optional(duration(30 * day)), interval: duration(30 * day) },
  'must be an object with below and interval',
);

const tick = v.object(
  {
    every: duration(day),
    tiers: v.pipe(v.array(tier, 'must be a list'), v.minLength(1, 'must have at least one entry')),
    stale: duration(30 * day),
    very_stale: duration(30 * day),
    poke: v.object(
      {
        idle: v.picklist(['when-needed', 'always'], 'must be "when-needed" or "always"'),
        strategy: v.picklist(
          ['fixed', 'geometric', 'exponential'],
          'must be "fixed", "geometric" or "exponential"',
        ),
        base: duration(30 * day),
        cap: duration(30 * day),
        factor: v.pipe(
          v.number('must be a number'),
          v.minValue(1, 'must be at least 1, or waits would shrink'),
          v.maxValue(100, 'must be at most 100'),
        ),
        slot: duration(30 * day),
      },
      'must be an object',
    ),
    newborn: duration(day),
    misprimed: v.picklist(['tell', 'restart'], 'must be "tell" or "restart"'),
    keep: v.array(v.picklist(['mayor', 'refinery'], 'must be "mayor" or "refinery"'), 'must be a list'),
    budgets: v.object(
      { starts: count, kills: count, nudges: count, pass: duration(10 * minute) },
      'must be an object',
    ),
    brakes: v.object(
      {
        first: duration(day),
        cap: duration(day),
        deaths: count,
        window: duration(day),
        open: duration(7 * day),
        open_cap: duration(30 * day),
        healthy: duration(7 * day),
        work_deaths: count,
        by_hand: count,
        requested: count,
      },
      'must be an object',
    ),
    work: v.object(
      {
        stale: duration(30 * day),
        gupp: duration(30 * day),
        last: v.picklist(['tell', 'restart'], 'must be "tell" or "restart"'),
      },
      'must be an object',
    ),
    spawn: duration(day),
    alerts: v.object(
      {
        mail: v.boolean('must be true or false'),
        command: v.pipe(
          v.array(argument, 'must be a list: a program and its arguments'),
          v.check(
            (list) => list.length === 0 || isProgram(list[0]),
            'must begin with a program: a bare name or an absolute path',
          ),
        ),
        status: v.boolean('must be true or false'),
        remind: duration(30 * day),
      },
      'must be an object',
    ),
    night: v.object({ from: clock, to: clock, starts: count, nudges: count }, 'must be an object'),
    machine,
    child_timeout: duration(5 * minute),
    socket: v.pipe(
      v.string('must be text'),
      v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, 'must be a short name of letters, digits, _ . and -'),
    ),
    tmux_tmpdir: v.nullable(directory),
    path: v.array(directory, 'must be a list of directories'),
    metrics_file: v.nullable(v.pipe(word, v.startsWith('/', 'must be an absolute path'))),
    ping: v.nullable(
      v.custom<string | string[]>(
        isPing,
        'must be an http(s) URL, or a program with its arguments as a list',
      ),
    ),
  },
  'must be an object',
);

/** `settings/config.json`, laid over the defaults. */
export const townSettings = v.object(
  {
    type: v.literal('town-settings', 'must be "town-settings"'),
    version: v.literal(1, 'must be 1: another version was written by another gt'),
    default_agent: word,
    agents,
    role_agents: roleAgents,
    crew_agents: v.optional(v.record(v.string(), word, 'must be an object of agents by worker'), {}),
    store: v.optional(v.picklist(['auto', 'files', 'beads'], 'must be "auto", "files" or "beads"'), 'auto'),
    tick,
  },
  'must be a JSON object',
);

/** The part of `<rig>/settings/config.json` that is about runtimes; the rest of that file is upstream's (spec/agents.md §5.3). */
export const rigSettings = v.object(
  { agent: v.optional(word), agents, role_agents: roleAgents, runtime: v.optional(runtime) },
  'must be a JSON object',
);

export type TownSettings = v.InferOutput<typeof townSettings>;
export type RigSettings = v.InferOutput<typeof rigSettings>;
export type WrittenRuntime = v.InferOutput<typeof runtime>;
