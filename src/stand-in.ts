import { appendFileSync } from 'node:fs';
import { createRun } from './run.ts';
import { face } from './stand-in/face.ts';
import { type Deed, feel, newMind, obey } from './stand-in/mind.ts';
import { readOptions } from './stand-in/options.ts';
import { showLife } from './stand-in/sign-of-life.ts';
import { splitWords } from './town/split-words.ts';

/** Runs a command line as an agent's tool would: below us, with our environment, output kept. */
async function runBelow(line: string): Promise<{ readonly status: number | null; readonly output: string }> {
  const words = splitWords(line);
  const [file = '', ...args] = words.kind === 'words' ? words.words : [];
  const { env } = process;
  const run = createRun({ path: (env.PATH ?? '').split(':') });
  const { exit, stdout, stderr } = await run({ file, args, env, timeoutMs: 600_000 });
  return { status: exit, output: stdout + stderr };
}

/**
 * The stand-in agent: a program with a composer, a sign of life and bad habits on request. It lets `gt demo` and the
 * tests show everything the tick does without a paid agent. In `settings/config.json`:
 *
 *     "agents": { "stand-in": { "command": "node", "args": ["…/stand-in.cjs"], "process_names": ["stand-in", "node"],
 *       "composer": ["❯"], "busy": ["esc to interrupt"], "prompt": "argument" } }
 */
function run(): void {
  const options = readOptions(process.argv.slice(2), process.env);
  const { stdin, stdout } = process;
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
  const live = (action: string) => {
    if (options.sign !== null && !mind.hung) showLife(options.sign, action);
  };
  const note = (entry: Readonly<Record<string, unknown>>) => {
    if (options.log !== null) appendFileSync(options.log, `${JSON.stringify(entry)}\n`);
  };
  const perform = (deed: Deed) => {
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
        return void runBelow(deed.line).then((ran) => note({ ran: deed.line, ...ran }));
      case 'exit':
        return process.exit(deed.status);
    }
  };
  const listen = () => (mind.hung || mind.deaf ? stdin.pause() : stdin.resume());

  if (options.prompt !== null) mind = { ...mind, said: [options.prompt] };
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
      felt.deeds.forEach(perform);
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
  live('starting rounds');
}

run();
