/**
 * The last step of the build: runs what `gt` runs most, in a town thrown away afterwards, and keeps beside each file of
 * `dist` the code V8 made of it (src/compiled.ts). As the main program it runs the commands; as what Node is told to load
 * first (`--require`) it notes the code. No agent and no tmux server is started: the town has an ESTOP.
 */
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { checked, compile, compiledFileOf, run } = require('./dist/compiled.cjs');

const door = join(__dirname, 'dist/gt.cjs');

if (require.main === module) runTypicalCommands();
else noteCode();

function noteCode() {
  const noted = new Map();
  require.extensions['.cjs'] = (file, filename) => {
    if (filename === door) return require.extensions['.js'](file, filename);
    const compiled = compile(filename);
    noted.set(filename, compiled);
    run(compiled, file, filename);
  };
  process.once('exit', () => {
    for (const [filename, { script, source }] of noted)
      writeFileSync(compiledFileOf(filename), checked(script.createCachedData(), source));
  });
}

function runTypicalCommands() {
  const dir = mkdtempSync(join(tmpdir(), 'gt-build-'));
  const town = join(dir, 'town');
  const env = { HOME: dir, PATH: process.env.PATH, TMUX_TMPDIR: dir };
  const gt = (...args) =>
    spawnSync(process.execPath, ['--require', __filename, door, ...args], {
      env,
      cwd: dir,
      stdio: 'ignore',
      timeout: 60_000,
    });
  try {
    gt('install', town, '--agent', 'sleep infinity');
    gt('rig', 'add', 'proj', '--town', town);
    writeFileSync(join(town, 'ESTOP'), 'a build\n');
    gt('tick', '--town', town);
    rmSync(join(town, 'daemon/due.json'), { force: true });
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
