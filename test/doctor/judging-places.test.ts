import { describe, expect, it } from 'vitest';
import { judgeDescriptions } from '../../src/doctor/descriptions.ts';
import { judgeDirectories } from '../../src/doctor/directories.ts';
import type { Examined } from '../../src/doctor/finding.ts';
import { judgeHolds } from '../../src/doctor/holds.ts';
import { judgeLauncher } from '../../src/doctor/launcher.ts';
import { judgeLeftovers } from '../../src/doctor/leftovers.ts';
import { judgeObstacles } from '../../src/doctor/obstacles.ts';
import { judgeRigs } from '../../src/doctor/rigs.ts';
import { judgeSettings } from '../../src/doctor/settings.ts';
import { judgeStore } from '../../src/doctor/store.ts';
import { judgeWatchers } from '../../src/doctor/watchers.ts';
import { known, unknown } from '../../src/model/fact.ts';

const town = '/home/ana/my town';
const quoted = "'/home/ana/my town'";
const now = Date.parse('2026-03-01T12:00:00Z');
const codes = ({ findings }: Examined) => findings.map(({ code }) => code);

describe('the doctor, of what lies in a town', () => {
  it('makes a directory that is missing, and leaves alone what stands in its place', () => {
    const place = { path: '/t/daemon', mode: 0o700 };
    expect(codes(judgeDirectories([{ ...place, is: 'directory' }], town))).toEqual([]);
    expect(judgeDirectories([{ ...place, is: 'missing' }], town).findings).toMatchObject([
      { remedy: `gt install ${quoted}`, repairs: [{ kind: 'directory', path: '/t/daemon', mode: 0o700 }] },
    ]);
    const [other] = judgeDirectories([{ ...place, is: 'something-else' }], town).findings;
    expect(other).toMatchObject({ code: 'directory-not' });
    expect(other?.repairs).toBeUndefined();
  });

  it('replaces a description only when it was read and is damaged', () => {
    const file = { path: `${town}/mayor/town.json`, of: 'town' as const };
    const torn = { ...file, trouble: 'is empty', damaged: true };
    const shut = { ...file, trouble: 'cannot be read: EACCES', damaged: false };
    const remedies = judgeDescriptions([torn, shut], town).findings.map(({ remedy }) => remedy);
    expect(remedies[0]).toMatch(/^mv .* && gt install/);
    expect(remedies[1]).toBe("ls -l '/home/ana/my town/mayor/town.json'");
    expect(judgeDescriptions([{ ...file, trouble: null, damaged: false }], town).findings).toEqual([]);
  });

  it('sweeps what killed writers left; damaged files and reports are for people to look at first', () => {
    const heap = (directory: string) => ({ directory, count: 2, oldest: now });
    const { findings } = judgeLeftovers([heap('/t/daemon')], heap('/t/q'), heap('/t/r'), town);
    expect(findings).toMatchObject([
      {
        code: 'leftovers',
        since: '2026-03-01T12:00:00.000Z',
        repairs: [{ kind: 'sweep', directory: '/t/daemon' }],
      },
      { code: 'quarantined', message: expect.stringContaining('2 damaged files'), remedy: 'ls -l /t/q' },
      { code: 'bug-reports', remedy: 'ls -l /t/r' },
    ]);
    expect(findings.slice(1).every(({ repairs }) => repairs === undefined)).toBe(true);
    expect(codes(judgeLeftovers([], null, null, town))).toEqual([]);
  });

  it('says when the gt of the agents leads nowhere any more', () => {
    const seen = { file: '/t/daemon/bin/gt', written: now, gone: [] };
    expect(codes(judgeLauncher(null, town))).toEqual([]);
    expect(codes(judgeLauncher(seen, town))).toEqual([]);
    expect(judgeLauncher({ ...seen, gone: ['/old/node'] }, town).findings).toMatchObject([
      {
        code: 'launcher-stale',
        message: expect.stringContaining('/old/node'),
        since: '2026-03-01T12:00:00.000Z',
      },
    ]);
  });

  it('tells of another keeper with the command that ends it, and leaves tmux to its own examination', () => {
    const daemon = {
      code: 'go-daemon',
      message: 'Another keeper runs. Stop it first: kill 42',
      exit: 75,
    } as const;
    const tmux = { code: 'tmux-missing', message: 'No tmux.', exit: 69 } as const;
    expect(judgeObstacles([daemon, tmux], null, town).findings).toMatchObject([
      { code: 'go-daemon', remedy: 'kill 42' },
    ]);
    expect(codes(judgeObstacles([], 'The town could not be looked at: x', town))).toEqual(['not-looked-at']);
  });

  it('holds the registry of rigs against the directories, in both directions', () => {
    const rig = { name: 'proj', crew: [], polecats: [] };
    const rigs = known([rig]);
    const there = (name: string) => ({ name, written: now });
    expect(codes(judgeRigs({ rigs, warnings: [] }, [there('proj')], town))).toEqual([]);
    expect(
      judgeRigs(
        { rigs, warnings: [{ code: 'rig-missing', message: 'm' }] },
        [there('proj'), there('stray')],
        town,
      ).findings,
    ).toMatchObject([
      { code: 'rig-missing', remedy: `gt rig list --town ${quoted}` },
      { code: 'rig-unregistered', remedy: `gt rig add stray --town ${quoted}` },
    ]);
    const torn = { rigs: unknown('torn'), warnings: [{ code: 'rigs-unknown', message: 'm' }] };
    expect(codes(judgeRigs(torn, [there('proj')], town))).toEqual(['rigs-unknown']);
  });

  it('passes on what is wrong with settings and store, with where to look', () => {
    const problem = {
      file: '/t/c.json',
      key: 'tick.pin',
      value: undefined,
      problem: 'is not a setting',
      nearest: 'ping',
    };
    expect(judgeSettings({ kind: 'invalid', problems: [problem] }, '/t/c.json', town).findings).toMatchObject(
      [
        {
          code: 'config-invalid',
          message: expect.stringContaining('ping'),
          remedy: `gt config validate --town ${quoted}`,
        },
      ],
    );
    expect(
      codes(judgeStore({ known: false, reason: 'it hangs', trouble: 'unavailable' }, town, 'beads')),
    ).toEqual(['store-unreadable']);
    const well = { waiting: {}, protocol: [], claimed: [], agents: [], hooked: [] };
    const warnings = [{ code: 'store-silent', message: 'It is silent.' }];
    expect(judgeStore({ known: true, value: { ...well, warnings } }, town, 'beads')).toMatchObject({
      saw: 'beads, readable',
      findings: [{ code: 'store-silent', remedy: expect.stringContaining('bd list') }],
    });
    expect(judgeStore({ known: true, value: { ...well, warnings: [] } }, town, 'files').saw).toBe(
      'files, readable',
    );
  });

  it('tells since when a watcher could not be told, and not what may be secret about it', () => {
    const told = { at: 'b', failingSince: '2026-03-01T11:00:00Z', reason: 'it answered with status 500' };
    const seen = { watcher: 'ping', target: 'hc.example.org' } as const;
    expect(judgeWatchers([{ ...seen, told }], town).findings).toMatchObject([
      {
        code: 'ping-failing',
        since: '2026-03-01T11:00:00Z',
        message: expect.stringMatching(/status 500\.$/),
      },
    ]);
    expect(codes(judgeWatchers([{ ...seen, told: undefined }], town))).toEqual([]);
    expect(codes(judgeWatchers([{ ...seen, told: { ...told, failingSince: null } }], town))).toEqual([]);
  });
});

describe('holds', () => {
  it('that cannot be read are a finding, since they keep everybody down; holds that can are none', () => {
    const hold = { target: '*', kind: 'hold', reason: 'r', by: 'ann', since: null, until: null } as const;
    expect(judgeHolds(known([hold]), '/t/daemon/holds.json')).toMatchObject({ saw: '1 hold', findings: [] });
    expect(judgeHolds(unknown('it is torn'), '/t/daemon/holds.json').findings).toMatchObject([
      { code: 'holds-unreadable', message: expect.stringContaining('it is torn') },
    ]);
  });
});
