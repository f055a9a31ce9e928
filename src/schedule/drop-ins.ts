import { commandOf, type Registration } from './registration.ts';
import { unitOf } from './unit-name.ts';
import { startServer } from './units.ts';

/** What one town adds to the templates: file below the unit directory → text. */
export function dropIns(registration: Registration): Readonly<Record<string, string>> {
  const { town, everyMinutes, env, tmux, limitSeconds } = registration;
  const head = `# The town ${town}. Written by \`gt schedule install\`, which replaces this file: put changes into another one beside it.`;
  const variables = Object.entries(env).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`);
  const [node = '', gt = ''] = commandOf(registration);
  const tick = [
    head,
    '[Service]',
    ...variables,
    'ExecStart=',
    `ExecStart=${quoted(`:${node}`)} ${quoted(gt)} tick --town %f`,
    `TimeoutStartSec=${limitSeconds}`,
  ];
  const server = [
    head,
    '[Service]',
    ...variables,
    tmux.tmpdir === null
      ? 'UnsetEnvironment=TMUX_TMPDIR'
      : `Environment=${quoted(`TMUX_TMPDIR=${tmux.tmpdir}`)}`,
    'ExecStart=',
    tmux.file === null
      ? `ExecStart=:/usr/bin/env ${startServer(tmux.socket)}`
      : `ExecStart=${startServer(tmux.socket, quoted(`:${tmux.file}`))}`,
  ];
  const timer = [head, '[Timer]', 'OnCalendar=', `OnCalendar=*:0/${everyMinutes}`];
  return {
    [`${unitOf(town, 'tick', 'service')}.d/town.conf`]: lines(tick),
    [`${unitOf(town, 'tmux', 'service')}.d/town.conf`]: lines(server),
    ...(everyMinutes === 1
      ? {}
      : {
          [`${unitOf(town, 'tick', 'timer')}.d/town.conf`]: lines(
            everyMinutes === 60 ? hourly(timer) : timer,
          ),
        }),
  };
}

/** What an installed drop-in says of the tick: its environment, and Node and `gt`. */
export function parseDropIn(text: string): {
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
} {
  const variables = [...text.matchAll(/^Environment=(".*")$/gm)].flatMap(([, word = '']) => {
    const pair = unquoted(word);
    const cut = pair.indexOf('=');
    return cut === -1 ? [] : [[pair.slice(0, cut), pair.slice(cut + 1)] as const];
  });
  const [, node, gt] = /^ExecStart=("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*") tick --town %f$/m.exec(text) ?? [];
  return {
    env: Object.fromEntries(variables),
    command:
      node === undefined || gt === undefined ? [] : [unquoted(node).replace(/^:/, ''), unquoted(gt), 'tick'],
  };
}

/** One word of a unit file: its quotes, backslashes and specifiers mean themselves. */
function quoted(word: string): string {
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
}

function unquoted(word: string): string {
  return word.slice(1, -1).replaceAll('%%', '%').replaceAll(/\\(.)/g, '$1');
}

function hourly(timer: readonly string[]): readonly string[] {
  return [...timer.slice(0, -1), 'OnCalendar=hourly'];
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
