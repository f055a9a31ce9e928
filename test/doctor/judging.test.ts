import { describe, expect, it } from 'vitest';
import { judgeAsCron } from '../../src/doctor/as-cron.ts';
import { judgeClock } from '../../src/doctor/clock.ts';
import { judgeDisk } from '../../src/doctor/disk.ts';
import { judgeFileSystem, kindOf } from '../../src/doctor/file-system.ts';
import type { Examined } from '../../src/doctor/finding.ts';
import { judgeHeartbeat } from '../../src/doctor/heartbeat.ts';
import { judgeListed } from '../../src/doctor/listed.ts';
import { judgeLock } from '../../src/doctor/lock.ts';
import { judgeNode } from '../../src/doctor/node.ts';
import { judgePermissions } from '../../src/doctor/permissions.ts';
import { judgePrograms } from '../../src/doctor/programs.ts';
import { judgeSandbox } from '../../src/doctor/sandbox.ts';
import { judgeSchedule } from '../../src/doctor/schedule.ts';
import { judgeState } from '../../src/doctor/state.ts';
import { judgeTmux, type TmuxSeen } from '../../src/doctor/tmux.ts';
import { known, unknown } from '../../src/model/fact.ts';

const town = '/home/ana/my town';
const quoted = "'/home/ana/my town'";
const now = Date.parse('2026-03-01T12:00:00Z');
const codes = ({ findings }: Examined) => findings.map(({ code }) => code);

describe('the doctor', () => {
  it('knows how old Node and tmux may be, and takes development versions for new', () => {
    expect(codes(judgeNode('v20.19.0', '/n'))).toEqual([]);
    expect(codes(judgeNode('v18.20.1', '/n'))).toEqual(['node-old']);
    const seen: TmuxSeen = {
      file: '/usr/bin/tmux',
      version: known('tmux 3.3a'),
      socket: '/tmp/tmux-0/default',
      answer: known({ kind: 'absent', socket: '/tmp/tmux-0/default' }),
      path: ['/bin'],
      town,
    };
    const tmux = (change: Partial<TmuxSeen>) => codes(judgeTmux({ ...seen, ...change }));
    expect(tmux({})).toEqual([]);
    expect(tmux({ version: known('tmux next-3.6') })).toEqual([]);
    expect(tmux({ version: known('tmux 3.1c') })).toEqual(['tmux-old']);
    expect(tmux({ version: known('tmux 2.9') })).toEqual(['tmux-old']);
    expect(tmux({ version: unknown('it hangs') })).toEqual(['tmux-broken']);
    expect(tmux({ answer: unknown('it hangs') })).toEqual(['tmux-not-answering']);
    expect(tmux({ socket: `/${'é'.repeat(52)}` })).toEqual(['socket-path-long']);
    expect(tmux({ file: null, version: unknown('none'), answer: null })).toEqual(['tmux-missing']);
  });

  it('names a program that nobody can find, and who would run it; who acts without asking is told', () => {
    const agents = ['deacon', 'a/witness', 'b/witness', 'c/witness'];
    const examined = judgePrograms(
      [
        { program: 'claude', found: null, agents, unasked: true },
        { program: '/bin/x', found: '/bin/x', agents: ['mayor'], unasked: false },
      ],
      ['/usr/bin', '/bin'],
      town,
    );
    expect(examined.findings).toMatchObject([
      {
        code: 'program-missing',
        message: expect.stringContaining('claude, which deacon, a/witness, b/witness and 1 more would run'),
        remedy: `gt config show --town ${quoted}`,
      },
    ]);
    expect(examined.saw).toContain('acts without asking');
    expect(examined.facts).toEqual({ 'program claude': null, 'program /bin/x': '/bin/x' });
  });

  it('says when room or files run out, not before', () => {
    const gigabyte = 2 ** 30;
    const disk = { freeBytes: 50 * gigabyte, totalBytes: 100 * gigabyte, freeFiles: 1e6, files: 2e6 };
    expect(codes(judgeDisk(disk, town))).toEqual([]);
    expect(codes(judgeDisk({ ...disk, freeBytes: gigabyte / 2 }, town))).toEqual(['disk-low']);
    expect(codes(judgeDisk({ ...disk, freeBytes: 2 * gigabyte }, town))).toEqual([]);
    expect(codes(judgeDisk({ ...disk, freeBytes: 1000, totalBytes: 2000 }, town))).toEqual(['disk-low']);
    expect(codes(judgeDisk({ ...disk, freeFiles: 3 }, town))).toEqual(['files-low']);
    expect(codes(judgeDisk({ ...disk, freeFiles: 0, files: 0 }, town))).toEqual([]);
  });

  it('tells a shared file system from a local one by the mount that holds the town', () => {
    const mounts = [
      '21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw',
      '30 21 0:30 / /home rw - nfs4 server:/home rw',
      '31 30 8:2 / /home/ana/my\\040town rw,relatime shared:1 - btrfs /dev/sdb rw',
      'nonsense',
    ].join('\n');
    expect(kindOf(mounts, '/var/gt')).toBe('ext4');
    expect(kindOf(mounts, '/home/ben/gt')).toBe('nfs4');
    expect(kindOf(mounts, '/homeless')).toBe('ext4');
    expect(kindOf(mounts, `${town}/x`)).toBe('btrfs');
    expect(kindOf('', '/')).toBeNull();
    expect(codes(judgeFileSystem('nfs4', town))).toEqual(['file-system-shared']);
    expect(codes(judgeFileSystem('fuse.sshfs', town))).toEqual(['file-system-shared']);
    for (const fine of ['ext4', 'overlay', 'tmpfs', 'zfs', null])
      expect(codes(judgeFileSystem(fine, town))).toEqual([]);
  });

  it('closes what others can read or change, and does not touch what is not the town’s', () => {
    const base = { uid: 1000, changed: now };
    const { findings } = judgePermissions(
      [
        { ...base, path: '/t/daemon', mode: 0o755, closed: 'all' },
        { ...base, path: '/t/mayor', mode: 0o755, closed: 'writing' },
        { ...base, path: '/t', mode: 0o777, closed: 'writing' },
        { ...base, path: '/t/x', mode: 0o600, uid: 0, closed: 'all' },
      ],
      1000,
      1000,
    );
    expect(findings).toMatchObject([
      {
        code: 'file-readable',
        remedy: 'chmod 0700 /t/daemon',
        repairs: [{ path: '/t/daemon', mode: 0o700 }],
      },
      { code: 'file-writable', repairs: [{ path: '/t', mode: 0o755 }] },
      { code: 'file-foreign', remedy: 'sudo chown 1000 /t/x' },
    ]);
    expect(findings[2]?.repairs).toBeUndefined();
  });

  it('notices a clock that was set back, not one that was corrected', () => {
    expect(codes(judgeClock(now, [{ what: 'the last pass began', at: now + 30_000 }]))).toEqual([]);
    expect(codes(judgeClock(now, [{ what: 'the last pass began', at: now + 90_000 }]))).toEqual([
      'clock-behind',
    ]);
    expect(codes(judgeClock(0, []))).toEqual(['clock-behind']);
  });

  it('advises to remove a lock only when nobody can be asked about it', () => {
    const owner = {
      host: 'h',
      boot: 'b',
      space: 's',
      pid: 7,
      start: '1',
      token: '0123456789ab',
      since: '2026-03-01T11:59:30Z',
      user: 'ana',
      command: 'gt tick',
    };
    const place = { file: `${town}/daemon/tick.lock`, town, now, longestMs: 60_000 };
    const busy = (why: 'running' | 'elsewhere' | 'damaged' | 'unreadable', since = owner.since) =>
      judgeLock({ kind: 'busy', why, owner: { ...owner, since }, since, message: 'm' }, place);
    expect(codes(judgeLock({ kind: 'free' }, place))).toEqual([]);
    expect(codes(busy('running'))).toEqual([]);
    expect(busy('running', '2026-03-01T09:00:00Z').findings).toMatchObject([
      { code: 'lock-held-long', since: '2026-03-01T09:00:00Z', remedy: expect.stringMatching(/^ps -p 7/) },
    ]);
    expect(busy('damaged').findings[0]?.remedy).toBe("rm '/home/ana/my town/daemon/tick.lock'");
    expect(busy('unreadable').findings[0]?.remedy).toBe("ls -l '/home/ana/my town/daemon/tick.lock'");
    expect(judgeLock({ kind: 'dead', owner, message: 'm' }, place).findings).toMatchObject([
      { code: 'lock-dead', since: owner.since, remedy: `gt tick --town ${quoted}` },
    ]);
  });

  it('wants a backup of the state once there can be one', () => {
    const seen = { kind: 'ok', warnings: [], passes: 5, backup: 'ok', written: now } as const;
    const state = (change: object) => codes(judgeState({ ...seen, ...change }, '/t/state.json', town));
    expect(state({})).toEqual([]);
    expect(state({ backup: 'absent' })).toEqual(['state-no-backup']);
    expect(state({ backup: 'absent', passes: 1 })).toEqual([]);
    expect(state({ backup: 'is empty', passes: 1 })).toEqual(['state-no-backup']);
    expect(state({ kind: 'first', backup: 'absent', passes: 0 })).toEqual([]);
    expect(state({ kind: 'recovered', warnings: [{ code: 'state-damaged', message: 'm' }] })).toEqual([
      'state-damaged',
    ]);
  });

  it('blames a sandbox only when the agents are in one and whoever asks is not', () => {
    const free = { noNewPrivs: false, seccomp: 0 };
    const caged = { noNewPrivs: true, seccomp: 2 };
    const agent = { who: 'deacon', since: now };
    expect(codes(judgeSandbox(free, [{ ...agent, ...free }], town))).toEqual([]);
    expect(judgeSandbox(free, [{ ...agent, ...caged }], town).findings).toMatchObject([
      { code: 'sandboxed', message: expect.stringContaining('deacon'), since: '2026-03-01T12:00:00.000Z' },
    ]);
    expect(codes(judgeSandbox(caged, [{ ...agent, ...caged }], town))).toEqual([]);
    expect(codes(judgeSandbox(null, [], town))).toEqual([]);
  });

  it('misses a heartbeat after three intervals, and a schedule only where no heartbeat comes either (F66)', () => {
    const last = {
      schema: 'gt.tick/1',
      town,
      pass: 'p',
      ran: true,
      reason: 'due',
      dry_run: false,
      started_at: '2026-03-01T11:50:00Z',
      finished_at: '2026-03-01T11:50:01Z',
      actions: [],
      notes: [],
      warnings: [],
      agents: null,
      idle_seconds: null,
      interval_seconds: 300,
      next_due_at: '2026-03-01T11:55:00Z',
      subprocesses: 1,
      exit: 0,
    } as const;
    expect(codes(judgeHeartbeat(last, now, town))).toEqual([]);
    expect(codes(judgeHeartbeat(last, now + 5 * 60_000 + 1, town))).toEqual(['heartbeat-late']);
    expect(codes(judgeHeartbeat({ ...last, exit: 69 }, now, town))).toEqual(['heartbeat-failed']);
    expect(codes(judgeHeartbeat(null, now, town))).toEqual(['heartbeat-never']);
    expect(codes(judgeSchedule([], true, town))).toEqual([]);
    expect(judgeSchedule([], false, town).findings).toMatchObject([
      { code: 'schedule-none', remedy: `gt schedule install --town ${quoted}` },
    ]);
    const cron = {
      scheduler: 'cron',
      where: [],
      command: ['n'],
      environment: {},
      everyMs: 60_000,
      active: true,
      lastResult: null,
    } as const;
    const problem = { code: 'drift', message: 'm', hint: 'gt schedule install', stops: false };
    expect(codes(judgeSchedule([{ ...cron, problems: [problem] }], true, town))).toEqual(['drift']);
    const two = [
      { ...cron, problems: [] },
      { ...cron, scheduler: 'systemd' as const, problems: [] },
    ];
    expect(codes(judgeSchedule(two, true, town))).toEqual(['schedule-twice']);
  });

  it('puts this town on the list, and takes only those off that are not there', () => {
    const entry = (root: string) => ({ root, since: '', missingSince: null });
    const listed = judgeListed(
      { kind: 'ok', towns: [entry('/gone'), entry('/b')] },
      '/f',
      town,
      (root) => root === '/b',
    );
    expect(listed.findings).toMatchObject([
      { code: 'town-unlisted', repairs: [{ kind: 'list-town', root: town }] },
      { code: 'town-missing', repairs: [{ kind: 'forget-town', root: '/gone' }] },
    ]);
    expect(codes(judgeListed({ kind: 'ok', towns: [entry(town)] }, '/f', town, () => true))).toEqual([]);
  });

  it('tells what the scheduler finds elsewhere, what it does not find, and what it cannot run', () => {
    const mine = { town, tmux: '/opt/bin/tmux', 'program claude': '/home/ana/.local/bin/claude', node: '/n' };
    const theirs = { town, tmux: '/usr/bin/tmux', 'program claude': null, node: '/n' };
    expect(judgeAsCron.differences(mine, theirs, town)).toMatchObject([
      { code: 'as-cron-differs', message: 'tmux: /opt/bin/tmux for you, /usr/bin/tmux for the scheduler.' },
      { code: 'as-cron-missing', message: expect.stringContaining('Name its directory in tick.path') },
    ]);
    const ran = { ok: true, exit: 0, signal: null, stdout: '', stderr: '', failure: null, ms: 1 } as const;
    expect(judgeAsCron.ran('due', { ...ran, ok: false, exit: 1, failure: 'exit' }, {}, town)).toBeNull();
    expect(judgeAsCron.ran('tick', ran, {}, town)).toBeNull();
    const failed = { ...ran, ok: false, exit: 69, failure: 'exit' } as const;
    const document = { warnings: [{ message: 'No tmux program was found.' }] };
    expect(judgeAsCron.ran('tick', failed, document, town)?.message).toContain('No tmux program was found.');
    expect(judgeAsCron.ran('tick', ran, null, town)).toMatchObject({ code: 'as-cron-tick' });
  });
});
