import { appendFileSync } from 'node:fs';
import { face } from './stand-in/face.ts';
import { type Hooks, openHooks } from './stand-in/hooks.ts';
import { type Deed, feel, newMind, obey } from './stand-in/mind.ts';
import { type Options, readOptions, usage } from './stand-in/options.ts';
import { showLife } from './stand-in/sign-of-life.ts';
import { environmentNow, runBelow } from './stand-in/tools.ts';

/**
 * The stand-in agent: a program with a composer, a sign of life and bad habits on request. It lets `gt demo` and the
 * tests show everything the tick does without a paid agent. In `settings/config.json`:
 *
 *     "agents": { "stand-in": { "command": "node", "args": ["…/stand-in.cjs"], "process_names": ["stand-in", "node"],
 *       "composer": ["❯"], "busy": ["esc to interrupt"], "prompt": "argument" } }
 *
 * With `--hooks` it runs the hooks of its settings as Claude Code does: when it starts, at each submitted line, after
 * each answer, and around the word `compact`. Then they show that it lives, and it keeps no sign of life by itself.
 */
function run(): void {
  const { argv, stdin, stdout } = process;
  const args = argv.slice(2);
  if (args.includes('--help')) {
    stdout.write(usage);
    return;
  }
  const options = optionsIn(args);
  if (options === null) return;
  if (!stdin.isTTY) {
    process.stderr.write('stand-in: needs a terminal; it is meant to run in a tmux pane\n');
    process.exitCode = 64;
    return;
  }
  process.title = options.name;
  let mind = newMind(options.name);

  const draw = () => {
    if (!mind.hung) stdout.write(face(mind, stdout.columns, stdout.rows));
  };
  const note = (entry: Readonly<Record<string, unknown>>) => {
    if (options.log !== null) appendFileSync(options.log, `${JSON.stringify(entry)}\n`);
  };
  const env = () => environmentNow(process.env, options.clock);
  const all = options.hooks ? openHooks({ cwd: process.cwd(), env, note }) : null;
  const hooks: Hooks | null =
    all === null ? null : { fire: async (event) => mind.mute || (await all.fire(event)) };

  const runLine = async (line: string) => note({ ran: line, ...(await runBelow(line, env())) });
  const live = async (action: string) => {
    if (options.sign === null || mind.hung || mind.mute) return;
    if (hooks === null) showLife(options.sign, action);
    else if (options.sign.shape === 'heartbeat') await runLine(`gt deacon heartbeat '${action}'`);
  };
  const compact = async () => {
    const trigger = 'manual';
    if (
      await hooks?.fire({
        name: 'PreCompact',
        matched: trigger,
        fields: { trigger, custom_instructions: '' },
      })
    )
      await begin('compact');
  };
  const begin = async (source: string) =>
    hooks?.fire({ name: 'SessionStart', matched: source, fields: { source } });
  const perform = async (deed: Deed): Promise<void> => {
    switch (deed.kind) {
      case 'submitted':
        return note({ line: deed.line });
      case 'key':
        return note({ key: deed.key });
      case 'swallowed':
        return note({ swallowed: true });
      case 'live':
        return live('answered a heartbeat');
      case 'run':
        return runLine(deed.line);
      case 'compact':
        return compact();
      case 'exit':
        return process.exit(deed.status);
    }
  };

  // One answer after the other, as an agent gives them; without hooks there is nothing to wait for.
  let answered: Promise<unknown> = Promise.resolve();
  const answer = (prompt: string, deeds: readonly Deed[]) => {
    answered = answered.then(async () => {
      const heard = await hooks?.fire({ name: 'UserPromptSubmit', matched: '', fields: { prompt } });
      if (heard === false) return;
      await Promise.all(deeds.map(perform));
      await hooks?.fire({ name: 'Stop', matched: '', fields: { stop_hook_active: false } });
    });
  };
  const follow = (deeds: readonly Deed[]) => {
    const asked = deeds.find((deed) => deed.kind === 'submitted');
    if (hooks === null || asked === undefined) return deeds.forEach(perform);
    perform(asked);
    answer(
      asked.line,
      deeds.filter((deed) => deed !== asked),
    );
  };
  const listen = () => (mind.hung || mind.deaf ? stdin.pause() : stdin.resume());

  const { prompt } = options;
  if (prompt !== null) mind = { ...mind, said: [prompt] };
  for (const command of options.begin) {
    const begun = obey(mind, command);
    mind = begun.mind;
    begun.deeds.forEach(perform);
  }

  stdin.setRawMode(true).setEncoding('utf8');
  stdin.on('data', (chunk: string) => {
    for (const char of chunk) {
      const felt = feel(mind, char);
      mind = felt.mind;
      follow(felt.deeds);
      if (mind.hung) break;
    }
    listen();
    draw();
  });
  // A deaf stand-in wakes for one look at its input when its window changes.
  process.on('SIGWINCH', () => {
    if (mind.hung) return;
    stdin.resume();
    draw();
  });
  setInterval(() => {
    if (!mind.quiet) live('rounds complete');
  }, options.everyMs);

  listen();
  draw();
  if (hooks === null) live('starting rounds');
  else {
    note({ born: process.pid });
    answered = begin('startup');
  }
  if (hooks !== null && prompt !== null) follow([{ kind: 'submitted', line: prompt }, { kind: 'live' }]);
}

/** Null: the command line makes no sense, which was said. */
function optionsIn(args: readonly string[]): Options | null {
  try {
    return readOptions(args, process.env);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`stand-in: ${error.message.split('\n', 1)[0]}\nstand-in: see --help\n`);
    process.exitCode = 64;
    return null;
  }
}

run();
