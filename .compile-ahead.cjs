/**
 * The last step of the build: runs what `gt` runs most, in a town thrown away afterwards, and keeps beside each file of
 * `dist` the code V8 made of it (src/compiled.ts). As the main program it runs the commands; as what Node is told to load
 * first (`--require`) it notes the code. Nobody is started: what stands in for tmux is a script
 * that tells of two agents who are well.
 */
const { spawnSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir, uptime } = require('node:os');
const { join } = require('node:path');
const { checked, compiledFileOf, useCompiled } = require('./dist/compiled.cjs');

const door = join(__dirname, 'dist/gt.cjs');

if (require.main === module) runTypicalCommands();
else noteCode();

function noteCode() {
  const noted = new Map();
  useCompiled((filename, compiled) => noted.set(filename, compiled));
  const { '.cjs': ours, '.js': usual } = require.extensions;
  require.extensions['.cjs'] = (file, filename) => (filename === door ? usual : ours)(file, filename);
  process.once('exit', () => {
    for (const [filename, { script, source }] of noted)
      writeFileSync(compiledFileOf(filename), checked(script.createCachedData(), source));
  });
}

function runTypicalCommands() {
  const dir = mkdtempSync(join(tmpdir(), 'gt-build-'));
  const town = join(dir, 'town');
  const env = { HOME: dir, PATH: `${dir}:${process.env.PATH}`, TMUX_TMPDIR: dir };
  const gt = (...args) =>
    spawnSync(process.execPath, ['--require', __filename, door, ...args], {
      env,
      cwd: dir,
      stdio: 'ignore',
      timeout: 60_000,
    });
  try {
    writeFileSync(join(dir, 'tmux'), twoAgents(town), { mode: 0o755 });
    gt('install', town, '--agent', 'sleep infinity');
    gt('rig', 'add', 'proj', '--town', town);
    gt('tick', '--town', town);
    // Much later, when nobody is new any more and all have just shown themselves.
    writeFileSync(join(town, 'daemon/test-town'), '');
    env.GT_CLOCK = JSON.stringify(clockIn(60 * 60_000));
    for (const home of ['deacon', 'proj/witness']) showLife(join(town, home), JSON.parse(env.GT_CLOCK).wall);
    gt('tick', '--town', town);
    gt('mail', 'send', 'deacon/', '-s', 'a', '-m', 'b', '--town', town);
    gt('mail', 'inbox', 'deacon/', '--town', town);
    gt('lifecycle', 'list', '--town', town);
    gt('tick', '--dry-run', '--town', town);
    gt('status', '--json', '--town', town);
    gt('status', '--town', town);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Answers as tmux does when it is asked for its panes; the frame is the first word of the format (src/tmux/panes.ts). */
function twoAgents(town) {
  const pane = (number, session, agent) =>
    `printf '%s' "\${frame}pane|%${number}|${process.pid}|0||||200|50|0|0|1|1|1|${[session, 'sleep', town, agent, `%${number}`].join('${frame}')}\${frame}"`;
  return `#!/bin/sh
for word; do case $word in *server\\|*) frame=\${word%%server|*};; esac; done
printf '%s' "\${frame}server|1|1|/tmux|\${frame}"
${pane(0, 'gt-deacon', 'deacon')}
${pane(1, 'gt-proj-witness', 'proj/witness')}
`;
}

function clockIn(ms) {
  const awake = Number(process.hrtime.bigint() / 1_000_000n);
  return { wall: Date.now() + ms, awake: awake + ms, uptime: Math.round(uptime() * 1000) + ms };
}

function showLife(home, at) {
  mkdirSync(join(home, '.runtime'), { recursive: true });
  const life = JSON.stringify({ last_command: 'build', timestamp: new Date(at).toISOString() });
  writeFileSync(join(home, '.runtime/keepalive.json'), life);
}
