import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { prepareStarts } from '../../src/act/prepare-starts.ts';
import type { StartAction } from '../../src/act/start.ts';
import { type Departure, recordWorkspaces } from '../../src/act/workspace-record.ts';
import { parseStatus } from '../../src/act/workspace-status.ts';
import type { World } from '../../src/act/world.ts';
import type { Agent } from '../../src/model/agent.ts';
import { readEvents } from '../../src/persist/events.ts';
import type { Command } from '../../src/run.ts';
import { agentsOf, sessionOf } from '../../src/town/identity.ts';
import { commit, everythingIn, git, gitEnv, origin, unsavedWork } from '../rig/work-tree.ts';
import { type StandInTown, standInTown } from './town.ts';

vi.setConfig({ testTimeout: 60_000 });

const names = ['ant', 'bee', 'cat', 'dog', 'elk', 'fox'];
const agents = agentsOf([{ name: 'proj', crew: ['max'], polecats: names }]);
let town: StandInTown;
let world: World;
/** Every program that was run. */
let ran: Command[];
let from: string;

beforeEach(() => {
  town = standInTown({ program: '/nonexistent' });
  ran = [];
  from = origin(join(town.root, 'origin'));
  world = {
    ...town.world,
    agents,
    operatorEnv: { ...town.world.operatorEnv, ...gitEnv },
    pass: 'pass-7',
    run: (command) => {
      ran.push(command);
      return town.world.run(command);
    },
  };
});

const homeOf = (name: string) => join(town.root, 'proj/polecats', name);
const agentOf = (id: string): Agent => {
  const agent = agents.find((one) => one.id === id);
  if (agent === undefined) throw new Error(`no agent ${id}`);
  return agent;
};
const startOf = (id: string, why = 'crashed-polecat'): StartAction => ({
  kind: 'start',
  id: `start:${id}`,
  agent: id,
  session: sessionOf(agentOf(id)),
  why,
  evidence: {},
});
const departing = (id: string): Departure => ({ agent: agentOf(id), action: startOf(id) });
const recorded = () => readEvents(world.layout, 100).events.filter(({ kind }) => kind === 'workspace');
const ant = 'proj/polecats/ant';

describe('F29: what a work tree holds before its agent is ended or started again', () => {
  it('is written down, and the work tree is left as it is to the byte', async () => {
    unsavedWork(from, homeOf('ant'), 'polecat/ant');
    // A plain `git status` would write the index anew.
    utimesSync(join(homeOf('ant'), 'mine'), new Date(), new Date(Date.now() - 60_000));
    const before = everythingIn(homeOf('ant'));
    await recordWorkspaces([departing(ant)], world);
    expect(everythingIn(homeOf('ant'))).toEqual(before);
    const head = git(homeOf('ant'), 'rev-parse', 'HEAD');
    expect(recorded()).toMatchObject([
      {
        agent: ant,
        pass: 'pass-7',
        text: `its work tree: on polecat/ant at ${head.slice(0, 12)}; 1 staged, 1 changed, 2 untracked, 2 commits not pushed`,
        evidence: {
          before: 'start',
          because: 'crashed-polecat',
          directory: homeOf('ant'),
          saved: 'no',
          branch: 'polecat/ant',
          head,
          upstream: null,
          ahead: null,
          staged: 1,
          changed: 1,
          conflicts: 0,
          untracked: 2,
          unpushed: 2,
        },
      },
    ]);
  });

  it('is said to be saved when all of it is', async () => {
    git(town.root, 'clone', '-q', from, homeOf('ant'));
    await recordWorkspaces([departing(ant)], world);
    expect(recorded()[0]).toMatchObject({
      text: expect.stringContaining('nothing that is not committed, nothing that is not pushed'),
      evidence: { saved: 'yes', upstream: 'origin/main', ahead: 0, unpushed: 0 },
    });
  });

  it('counts no commit as pushed where there is none, and knows a repository without any', async () => {
    mkdirSync(homeOf('ant'), { recursive: true });
    git(homeOf('ant'), 'init', '-q', '-b', 'main');
    await recordWorkspaces([departing(ant)], world);
    commit(homeOf('ant'), 'file', 'one');
    git(homeOf('ant'), 'checkout', '-q', '--detach');
    await recordWorkspaces([departing(ant)], world);
    expect(
      recorded().map(({ evidence: { branch, head, saved, unpushed } }) => [
        branch,
        head === null,
        saved,
        unpushed,
      ]),
    ).toEqual([
      ['main', true, 'yes', 0],
      [null, false, 'no', 1],
    ]);
  });

  it('is unknown where git is sick: the time for all of them together is all that is lost', async () => {
    for (const name of names) unsavedWork(from, homeOf(name), `polecat/${name}`);
    let clock = 0;
    const limits: number[] = [];
    await recordWorkspaces(
      names.map((name) => departing(`proj/polecats/${name}`)),
      {
        ...world,
        now: () => clock,
        deadline: () => 30_000,
        run: async (command) => {
          limits.push(command.timeoutMs ?? 0);
          clock = 5_000;
          return {
            ok: false,
            exit: null,
            signal: null,
            stdout: '',
            stderr: '',
            failure: 'timeout',
            ms: 5_000,
          };
        },
      },
    );
    expect(limits).toEqual([5_000]);
    expect(recorded()).toHaveLength(names.length);
    expect(recorded().map(({ evidence }) => evidence.saved)).toEqual(names.map(() => 'unknown'));
    const reasons = recorded().map(({ text }) => text.replace('its work tree cannot be looked at: ', ''));
    expect(new Set(reasons)).toEqual(
      new Set(['git status did not answer within 5000 ms', 'there was no time left to ask git']),
    );
  });

  it('takes no more than a third of what is left of the pass', async () => {
    unsavedWork(from, homeOf('ant'), 'polecat/ant');
    await recordWorkspaces([departing(ant)], { ...world, now: () => 0, deadline: () => 3_000 });
    expect(ran.map(({ timeoutMs }) => timeoutMs)).toEqual([1_000, 1_000]);
  });

  it('is looked at for several at once, at most four', async () => {
    for (const name of names) unsavedWork(from, homeOf(name), `polecat/${name}`);
    let now = 0;
    let most = 0;
    await recordWorkspaces(
      names.map((name) => departing(`proj/polecats/${name}`)),
      {
        ...world,
        run: async (command) => {
          now += 1;
          most = Math.max(most, now);
          const done = await town.world.run(command);
          now -= 1;
          return done;
        },
      },
    );
    expect(most).toBe(4);
    expect(
      recorded()
        .map(({ agent }) => agent)
        .sort(),
    ).toEqual(names.map((name) => `proj/polecats/${name}`));
    expect(recorded().every(({ evidence }) => evidence.unpushed === 2)).toBe(true);
  });

  it('is nobody’s business where there is no work tree of the agent’s own: git is not even started', async () => {
    git(town.root, 'init', '-q');
    mkdirSync(homeOf('ant'), { recursive: true });
    await recordWorkspaces([departing(ant), departing('proj/witness'), departing('deacon')], world);
    expect(recorded()).toEqual([]);
    expect(ran).toEqual([]);
  });

  it('is unknown in a work tree that git does not understand', async () => {
    mkdirSync(homeOf('ant'), { recursive: true });
    writeFileSync(join(homeOf('ant'), '.git'), 'gitdir: /nowhere\n');
    await recordWorkspaces([departing(ant)], world);
    expect(recorded()[0]?.text).toMatch(
      /^its work tree cannot be looked at: git status ended with status 128 \(fatal: /,
    );
  });

  it('is not brought up to date where git is sick: that would only take more time', async () => {
    unsavedWork(from, homeOf('ant'), 'polecat/ant');
    const sick: World['run'] = async (command) => {
      ran.push(command);
      return { ok: false, exit: null, signal: null, stdout: '', stderr: '', failure: 'timeout', ms: 5_000 };
    };
    const { go, warnings } = await prepareStarts([startOf(ant)], { ...world, run: sick });
    expect(go).toHaveLength(1);
    expect(ran).toHaveLength(1);
    expect(warnings.get(`start:${ant}`)).toBe(
      `${homeOf('ant')} is not synced: git status did not answer within 5000 ms.`,
    );
  });

  it('keeps nobody waiting when it cannot be written down', async () => {
    unsavedWork(from, homeOf('ant'), 'polecat/ant');
    mkdirSync(world.layout.eventsFile);
    const { go } = await prepareStarts([startOf(ant)], world);
    expect(go.map(({ agent }) => agent)).toEqual([ant]);
  });
});

it('F29: a name with blanks, a rename and a conflict are counted once each', () => {
  const lines = [
    '# branch.oid 0123456789abcdef',
    '# branch.head side',
    '# branch.upstream origin/side',
    '# branch.ab +3 -1',
    '1 A. N... 000000 100644 100644 0000 1111 a b',
    '1 .M N... 100644 100644 100644 0000 1111 c',
    '2 R. N... 100644 100644 100644 0000 1111 R100 new\told',
    '1 MM N... 100644 100644 100644 0000 1111 d',
    'u UU N... 100644 100644 100644 100644 0000 1111 2222 e',
    '? f',
    '? state.json',
    '? .runtime/',
    '',
  ];
  expect(parseStatus(lines.join('\n'))).toEqual({
    branch: 'side',
    head: '0123456789abcdef',
    upstream: 'origin/side',
    ahead: 3,
    staged: 3,
    changed: 2,
    conflicts: 1,
    untracked: 1,
  });
});

/** What an agent, or a bad day, may do to its work tree. None of it is checked: git refuses some of it. */
const mishaps: Readonly<Record<string, (dir: string) => void>> = {
  commit: (dir) => commit(dir, 'done', `done ${readdirSync(dir).length}`),
  edit: (dir) => writeFileSync(join(dir, 'file'), 'edited'),
  stage: (dir) => void git(dir, 'add', '-A'),
  leave: (dir) => writeFileSync(join(dir, 'left'), 'left'),
  ignore: (dir) => {
    writeFileSync(join(dir, '.gitignore'), 'secret\n');
    writeFileSync(join(dir, 'secret'), 'kept nowhere else');
  },
  stash: (dir) => void git(dir, 'stash', 'push', '-u'),
  detach: (dir) => void git(dir, 'checkout', '-q', '--detach'),
  branch: (dir) => void git(dir, 'branch', `other-${readdirSync(dir).length}`),
  tree: (dir) => void git(dir, 'worktree', 'add', '-q', '-b', 'beside', `${dir}-beside`),
  merge: (dir) => void git(dir, 'merge', '--no-commit', '--no-ff', 'origin/side'),
  rebase: (dir) => void spawnSync('git', ['rebase', 'origin/side'], { cwd: dir, env: gitEnv }),
  lock: (dir) => writeFileSync(join(dir, '.git/index.lock'), ''),
  tear: (dir) => writeFileSync(join(dir, '.git/index'), 'torn'),
  lose: (dir) => void git(dir, 'remote', 'set-url', 'origin', '/nowhere'),
  cut: (dir) => void git(dir, 'remote', 'remove', 'origin'),
  empty: (dir) => rmSync(join(dir, 'file')),
};

describe('F29: the tick', () => {
  /** Its files as they are, apart from the one movement it may make: a clean branch is put on top of its origin. */
  it('never takes a work tree, a branch, a stash, a commit or a file away, whatever state they are in', async () => {
    git(from, 'checkout', '-q', '-b', 'side');
    commit(from, 'file', 'theirs');
    git(from, 'checkout', '-q', 'main');
    commit(from, 'new', 'new');
    const dir = homeOf('ant');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...Object.keys(mishaps)), { maxLength: 5 }),
        async (history) => {
          for (const path of [dir, `${dir}-beside`, world.layout.eventsFile])
            rmSync(path, { recursive: true, force: true });
          git(from, 'clone', '-q', from, dir);
          git(dir, 'reset', '-q', '--hard', 'HEAD~1');
          git(dir, 'checkout', '-q', '-b', 'polecat/ant');
          for (const name of history) {
            try {
              mishaps[name]?.(dir);
            } catch {
              // Git would not: then this did not happen.
            }
          }
          const before = everythingIn(dir);
          const subjects = subjectsIn(dir);
          const { go } = await prepareStarts([startOf(ant)], world);
          expect(go).toHaveLength(1);
          const after = everythingIn(dir);
          expect(recorded()).toHaveLength(1);
          const { saved, head } = recorded()[0]?.evidence ?? {};
          if (saved !== 'unknown') expect(head).toBe(before.head);
          expect(namesIn(after.branches)).toEqual(namesIn(before.branches));
          expect(after.stash).toBe(before.stash);
          expect(treesIn(after.trees)).toEqual(treesIn(before.trees));
          expect(Object.keys(after)).toEqual(expect.arrayContaining(Object.keys(before)));
          expect(subjectsIn(dir)).toEqual(expect.arrayContaining([...subjects]));
          if (after.head === before.head) expect(after).toEqual(before);
          else expect(git(dir, 'status', '--porcelain')).toBe('');
        },
      ),
      { numRuns: 12 },
    );
  });

  it('knows no git command that could', () => {
    const sources = ['src/act', 'src/store'].flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(join(room, name), 'utf8'))
        .filter((text) => text.includes("file: 'git'")),
    );
    const verbs = sources.flatMap((text) =>
      [...text.matchAll(/\b(?:git|call)\(\[\s*'([a-z-]+)'/g)].map(([, verb]) => verb),
    );
    expect([...new Set(verbs)].sort()).toEqual(['fetch', 'rebase', 'rev-list', 'rev-parse', 'status']);
    for (const text of sources)
      expect(text).not.toMatch(/'(worktree|reset|clean|--hard|--force|--prune|checkout|restore|gc)'/);
  });
});

function namesIn(refs: string | undefined): readonly string[] {
  return (refs ?? '').split('\n').map((line) => line.split(' ')[0] ?? '');
}

function treesIn(list: string | undefined): readonly string[] {
  return (list ?? '').split('\n').filter((line) => line.startsWith('worktree '));
}

/** The commits that any branch, the stash or HEAD can reach. */
function subjectsIn(dir: string): readonly string[] {
  const args = ['log', '--all', 'HEAD', '--format=%s'];
  try {
    return [
      ...new Set(
        execFileSync('git', args, { cwd: dir, env: gitEnv, encoding: 'utf8', stdio: 'pipe' }).split('\n'),
      ),
    ];
  } catch {
    return [];
  }
}
