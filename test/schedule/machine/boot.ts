import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gtFile } from '../../rig/built-gt.ts';

/** What has to be in a Debian root beside the bare minimum. */
const packages = ['systemd', 'systemd-sysv', 'dbus', 'dbus-user-session', 'libpam-systemd', 'tmux', 'procps'];

/** A machine that systemd boots: a Debian root of its own, thrown away afterwards. */
export interface Machine {
  /** Where its root directory is. */
  readonly root: string;
  /** Boots it, waits until it has powered itself off, and gives what its console showed. */
  readonly boot: (timeoutMs: number) => Promise<string>;
  readonly close: () => void;
}

/** Where the Debian root is kept from run to run. */
async function keptRoot(): Promise<string> {
  const release = readFileSync('/etc/os-release', 'utf8');
  const suite = /^ID=debian$/m.test(release)
    ? (/^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] ?? 'bookworm')
    : 'bookworm';
  const kept = process.env.GT_TEST_MACHINE ?? `/var/tmp/gt-test-machine-${suite}`;
  if (existsSync(join(kept, 'usr'))) return kept;
  const fresh = `${kept}.making-${process.pid}`;
  const mirror = /^\S+/.exec(
    spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)', `Suite: ${suite}`], { encoding: 'utf8' })
      .stdout ?? '',
  );
  const args = ['--variant=minbase', `--include=${packages.join(',')}`, suite, fresh, ...(mirror ?? [])];
  await promisify(execFile)('debootstrap', args, { timeout: 900_000 });
  execFileSync('chroot', [fresh, 'useradd', '--create-home', '--uid', '1000', '--shell', '/bin/bash', 'op']);
  mkdirSync(join(fresh, 'var/lib/systemd/linger'), { recursive: true });
  writeFileSync(join(fresh, 'var/lib/systemd/linger/op'), '');
  renameSync(fresh, kept);
  return kept;
}

/**
 * A machine whose changes are kept in memory, with the built `gt`, this Node, and a script that runs once in each boot.
 * Throws when this computer does not let us make one.
 */
export async function makeMachine(script: string, files: Readonly<Record<string, string>>): Promise<Machine> {
  const kept = await keptRoot();
  const dir = mkdtempSync(join(tmpdir(), 'gt-machine-'));
  const root = join(dir, 'root');
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', dir]);
  for (const name of ['up', 'work', 'root']) mkdirSync(join(dir, name));
  const layers = `lowerdir=${kept},upperdir=${dir}/up,workdir=${dir}/work`;
  const close = () => {
    spawnSync('umount', ['--lazy', root]);
    execFileSync('umount', ['--lazy', dir]);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', layers, root], { stdio: 'pipe' });
    mkdirSync(join(root, 'proof'));
    cpSync(script, join(root, 'proof/inside.sh'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'proof', name), text);
    writeFileSync(join(root, 'etc/systemd/system/proof.service'), unit);
    mkdirSync(join(root, 'etc/systemd/system/multi-user.target.wants'), { recursive: true });
    symlinkSync('../proof.service', join(root, 'etc/systemd/system/multi-user.target.wants/proof.service'));
    writeFileSync(join(root, 'usr/local/bin/gt'), '#!/bin/sh\nexec node /opt/gt/gt.cjs "$@"\n', {
      mode: 0o755,
    });
    // Inside a container of somebody else's nothing of the kind may be had.
    execFileSync('systemd-nspawn', [...nspawn, `--directory=${root}`, '/bin/true'], { stdio: 'pipe' });
  } catch (error) {
    close();
    throw error;
  }
  const binds = [
    `${dirname(realpathSync(gtFile))}:/opt/gt`,
    `${realpathSync(process.execPath)}:/usr/local/bin/node`,
  ];
  return {
    root,
    close,
    boot: (timeoutMs) => {
      const args = [...nspawn, '--boot', `--directory=${root}`, ...binds.map((bind) => `--bind-ro=${bind}`)];
      const options = { encoding: 'utf8', timeout: timeoutMs, killSignal: 'SIGKILL' } as const;
      return new Promise((resolve) => {
        execFile('systemd-nspawn', args, options, (error, stdout, stderr) => {
          resolve(`${stdout}${stderr}${error?.message ?? ''}`);
        }).stdin?.end();
      });
    },
  };
}

const nspawn = ['--quiet', '--register=no', '--keep-unit'];

const unit = `[Unit]
After=multi-user.target

[Service]
Type=oneshot
ExecStart=/bin/bash /proof/inside.sh
ExecStopPost=/bin/systemctl poweroff --no-block
StandardOutput=append:/proof/said
StandardError=inherit
TimeoutStartSec=240

[Install]
WantedBy=multi-user.target
`;
