import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../src/commands/context.ts';
import { doneCommand } from '../../src/commands/work/done.ts';
import { hookCommand } from '../../src/commands/work/hook.ts';
import { hookedItem } from '../../src/commands/work/hooked-item.ts';
import { slingCommand } from '../../src/commands/work/sling.ts';
import {
  workAddCommand,
  workCloseCommand,
  workListCommand,
  workShowCommand,
} from '../../src/commands/work/work.ts';
import { Failure } from '../../src/exit.ts';
import { draftWith } from '../../src/model/message.ts';
import { jsonText } from '../../src/show/json.ts';
import { openFiles } from '../../src/store/files/open.ts';
import { openStore } from '../../src/store/open.ts';
import { worker } from '../../src/town/identity.ts';
import { type MailTown, mailTown, type Said } from './mail-desk.ts';

let town: MailTown;

beforeEach(() => {
  town = mailTown();
});
afterEach(() => town.remove());

type Env = Readonly<Record<string, string>>;

const human: Env = {};
const toast: Env = { GT_ROLE: 'polecat', GT_RIG: 'proj', GT_POLECAT: 'toast' };
const max: Env = { GT_ROLE: 'crew', GT_RIG: 'proj', GT_CREW: 'max' };
const deacon: Env = { GT_ROLE: 'deacon' };

const store = () => openStore(town.root, Date.now);

/** Runs a command; a failure of it is its exit status and what it says. */
async function as(env: Env, command: (context: Context) => Promise<number>, dir = ''): Promise<Said> {
  try {
    return await town.as(env, command, dir);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { exit: error.exit, out: '', err: error.message };
  }
}

const hook = (env: Env, words: readonly string[], more = {}, dir = ''): Promise<Said> =>
  as(env, (context) => hookCommand({ words, ...more }, context), dir);
const sling = (work: string, agent: string, more = {}): Promise<Said> =>
  as(human, (context) => slingCommand({ work, agent, json: true, ...more }, context));
const done = (env: Env, more = {}): Promise<Said> => as(env, (context) => doneCommand({ ...more }, context));

async function add(title: string): Promise<string> {
  const said = await as(human, (context) => workAddCommand({ title, json: true }, context));
  return JSON.parse(said.out).id;
}

async function stateOf(agent: string): Promise<string | null> {
  const record = await store().agents.get(agent);
  if (!record.known) throw new Error(record.reason);
  return record.value?.state ?? null;
}

describe('gt hook', () => {
  it('shows an empty hook with the words agents know, and exits 0', async () => {
    expect(await hook(deacon, [])).toEqual({
      exit: 0,
      out: [
        '',
        '🪝 Hook Status: deacon',
        'Role: deacon',
        '',
        'Nothing on hook - no work slung',
        '',
        'Next: Check inbox for work assignments: gt mail inbox',
        '',
      ].join('\n'),
      err: '',
    });
  });

  it('finds what was attached, for the deacon as for everybody else', async () => {
    const id = await add('look at the disk');
    expect((await hook(deacon, ['attach', id])).out).toContain(
      `🪝 Hooking ${id}...\n✓ Work attached to hook`,
    );
    const { out } = await hook(deacon, ['status', 'deacon/']);
    expect(out).toContain('🚀 AUTONOMOUS MODE - Work on hook triggers immediate execution');
    expect(out).toContain(`🪝 Hooked: ${id}: look at the disk`);
    expect(await stateOf('deacon')).toBe('working');
  });

  it('attaches by the bare id, too', async () => {
    const id = await add('x y');
    expect((await hook(max, [id])).exit).toBe(0);
    expect((await hook(max, ['show', 'proj/crew/max'])).out).toBe(`proj/crew/max: ${id} 'x y' [hooked]\n`);
  });

  it('attaches a message, whose text becomes the work', async () => {
    const [sent] = await mailTo('proj/max', 'repair it', 'the build is red');
    const attached = await hook(max, ['attach', sent ?? '']);
    expect(attached).toMatchObject({ exit: 0, out: expect.stringContaining(`🪝 Hooking ${sent}...\n`) });
    const document = JSON.parse((await hook(max, [], { json: true })).out);
    expect(document).toMatchObject({ has_work: true, role: 'crew', target: 'proj/crew/max', is_wisp: false });
    expect(document.pinned_bead).toMatchObject({
      title: 'repair it',
      status: 'hooked',
      assignee: 'proj/crew/max',
    });
    expect(document.pinned_bead.description).toContain('the build is red');
    expect(document.pinned_bead.description).toContain(`gt mail read ${sent}`);
    expect(attached.out).toContain(`It is ${document.pinned_bead.id} there; the message stays in its inbox`);
  });

  it('makes one piece of work of a message, however often it is attached, and takes it off by the message’s id', async () => {
    const [sent = ''] = await mailTo('proj/max', 'repair it', 'the build is red');
    const first = JSON.parse((await hook(max, ['attach', sent], { json: true })).out);
    const again = JSON.parse((await hook(max, ['attach', sent], { json: true })).out);
    expect(again).toEqual(first);
    expect(first).toMatchObject({ mail: sent, hooked: true });
    expect(await list()).toMatchObject([{ id: first.work, status: 'hooked' }]);
    expect((await hook(max, ['clear', sent])).out).toContain(`Took ${first.work} off the hook`);
    expect((await sling(sent, 'proj/toast')).exit).toBe(0);
    expect((await done(toast, { issue: sent })).exit).toBe(0);
    expect(await stateIn(first.work)).toMatchObject({ is: 'closed' });
  });

  it('prints one line of JSON for show, with the status empty where nothing hangs', async () => {
    expect((await hook(human, ['show', 'proj/witness'], { json: true })).out).toBe(
      '{"agent":"proj/witness","status":"empty"}\n',
    );
    expect((await hook(human, ['show', 'proj/witness'])).out).toBe('proj/witness: (empty)\n');
  });

  it('knows whose hook it is from the directory where no role is set', async () => {
    expect((await hook(human, [], {}, 'deacon')).out).toContain('Hook Status: deacon');
    expect((await hook(human, [], {}, 'proj/polecats/toast')).out).toContain(
      'Hook Status: proj/polecats/toast',
    );
    expect(await hook(human, [], {}, 'proj')).toMatchObject({
      exit: 1,
      err: 'cannot determine agent identity (role: unknown)',
    });
  });

  it('refuses a second piece of work, and with force puts the first one back', async () => {
    const [first, second] = [await add('first thing'), await add('second thing')];
    await hook(max, [first]);
    expect(await hook(max, [second])).toMatchObject({ exit: 1, err: expect.stringContaining(first) });
    expect((await hook(max, [second], { force: true })).exit).toBe(0);
    expect((await hook(max, ['show'])).out).toContain(second);
    expect(await stateIn(first)).toEqual({ is: 'open' });
  });

  it('refuses in a dry run what the real run refuses, and changes nothing', async () => {
    const [first, second, third] = [await add('first thing'), await add('second thing'), await add('third')];
    await hook(max, [first]);
    await sling(third, 'proj/toast');
    await as(human, (context) => workCloseCommand({ ids: [second] }, context));
    const fourth = await add('fourth thing');
    const before = await list();
    for (const [words, force] of [
      [[fourth], false],
      [['a new thing'], false],
      [[second], true],
    ] as const) {
      const dry = await hook(max, words, { dryRun: true, force });
      expect(dry).toEqual(await hook(max, words, { force }));
      expect(dry.exit).toBe(1);
    }
    expect(await hook(deacon, [third], { dryRun: true })).toEqual(await hook(deacon, [third]));
    expect((await hook(max, [fourth], { dryRun: true, force: true })).exit).toBe(0);
    expect((await hook(max, [first], { dryRun: true })).out).toContain('Would attach');
    expect(await list()).toEqual(before);
  });

  it('does not make work of a misspelt word or a wrong id', async () => {
    expect((await hook(max, ['stauts'])).exit).toBe(1);
    expect((await hook(max, ['attach', 'gw-00000000'])).exit).toBe(1);
    for (const words of [['attach', 'nosuch'], ['stauts']])
      expect(await hook(max, words)).toMatchObject({
        exit: 1,
        err: expect.stringContaining('There is no work'),
      });
    expect((await hook(max, ['stauts'])).err).toContain('Did you mean status?');
    expect((await sling('nosuch', 'proj/toast')).exit).toBe(1);
    expect(await list()).toEqual([]);
    const id = await add('look at it');
    const slip = `${id.slice(0, -1)}${id.endsWith('x') ? 'y' : 'x'}`;
    expect((await hook(max, ['attach', slip])).err).toContain(`Did you mean ${id}?`);
    expect(await hook(max, ['attach', slip], { dryRun: true })).toMatchObject({ exit: 1 });
  });

  it('is cleared without closing anything', async () => {
    const id = await add('put it back');
    await hook(max, [id]);
    expect((await hook(max, ['clear'])).out).toBe(`✓ Took ${id} off the hook of proj/crew/max\n`);
    expect(await stateIn(id)).toEqual({ is: 'open' });
    expect(await stateOf('proj/crew/max')).toBe('idle');
    expect((await hook(max, ['clear'])).exit).toBe(0);
  });
});

describe('gt sling', () => {
  it('writes down what is said in words and hangs it on the hook', async () => {
    const said = JSON.parse((await sling('repair the build', 'proj/toast')).out);
    expect(said).toMatchObject({ created: true, agent: 'proj/polecats/toast' });
    expect(await stateIn(said.work)).toMatchObject({ is: 'hooked', agent: 'proj/polecats/toast' });
  });

  it('takes every spelling of the agent', async () => {
    for (const spelling of ['proj/polecats/toast', 'proj/toast', 'proj-polecat-toast', 'gt-proj-toast']) {
      const said = await sling('some work', spelling, { force: true });
      expect(JSON.parse(said.out).agent, spelling).toBe('proj/polecats/toast');
    }
  });

  it('says that a polecat has no directory, and writes nothing down', async () => {
    expect(await sling('some work', 'proj/polecats/nux')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('proj/polecats/nux does not exist'),
    });
    expect(await sling('some work', 'proj/taost')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('Did you mean proj/polecats/toast?'),
    });
    expect(await list()).toEqual([]);
  });

  it('sends nobody to make a polecat that a crew worker’s name forbids', async () => {
    const slung = slingTo('proj/polecats/max');
    await expect(slung).rejects.toMatchObject({ exit: 1, hint: 'gt polecat list proj' });
    await expect(slung).rejects.toThrow('crew worker max');
    await expect(slingTo('proj/polecats/nux')).rejects.toMatchObject({ hint: 'gt polecat add proj nux' });
    expect(await list()).toEqual([]);
  });

  it('writes nothing down for a hook that is taken', async () => {
    await sling('the first thing', 'proj/toast');
    const before = await list();
    expect(await sling('the second thing', 'proj/toast')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('the first thing'),
    });
    const [sent] = await mailTo('proj/max', 'repair it', 'the build is red');
    expect((await sling(sent ?? '', 'proj/toast')).exit).toBe(1);
    expect(await list()).toEqual(before);
  });

  it('gives one piece of work to one of many who ask for it at once', async () => {
    const id = await add('only once');
    const agents = ['proj/toast', 'proj/crew/max', 'proj/witness', 'proj/refinery', 'mayor', 'deacon'];
    const said = await Promise.all(agents.map((agent) => sling(id, agent)));
    expect(said.filter(({ exit }) => exit === 0)).toHaveLength(1);
  });

  it('hands hooked work on only by force', async () => {
    const id = await add('hot potato');
    await sling(id, 'proj/toast');
    expect(await sling(id, 'proj/crew/max')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('proj/polecats/toast'),
    });
    expect((await sling(id, 'proj/crew/max', { force: true })).exit).toBe(0);
    expect(await stateIn(id)).toMatchObject({ agent: 'proj/crew/max' });
  });

  it('does not revive closed work', async () => {
    const id = await add('long gone');
    await as(human, (context) => workCloseCommand({ ids: [id] }, context));
    expect(await sling(id, 'proj/toast')).toMatchObject({ exit: 1, err: expect.stringContaining('closed') });
  });
});

describe('gt done', () => {
  it('closes a polecat’s work, tells its witness in the words of the protocol, and records it', async () => {
    const dir = join(town.root, 'proj/polecats/toast');
    mkdirSync(join(dir, '.git'));
    writeFileSync(join(dir, '.git/HEAD'), 'ref: refs/heads/polecat/toast-1\n');
    const { work } = JSON.parse((await sling('repair the build', 'proj/toast')).out);
    expect((await done(toast)).exit).toBe(0);
    expect(await stateIn(work)).toMatchObject({ is: 'closed', by: 'proj/polecats/toast' });
    expect(await stateOf('proj/polecats/toast')).toBe('done');
    const [mail] = await inboxOf('proj/witness');
    expect(mail).toMatchObject({
      subject: 'POLECAT_DONE toast',
      from: 'proj/polecats/toast',
      body: `Exit: COMPLETED\nIssue: ${work}\nBranch: polecat/toast-1`,
    });
  });

  it('puts deferred work back', async () => {
    const { work } = JSON.parse((await sling('some work', 'proj/toast')).out);
    expect((await done(toast, { status: 'deferred', message: 'no key' })).exit).toBe(0);
    expect(await stateIn(work)).toEqual({ is: 'open' });
    const [mail] = await inboxOf('proj/witness');
    expect(mail?.body).toContain('Exit: DEFERRED');
    expect(mail?.body).toContain('no key');
  });

  it('of a crew worker closes the work and writes to nobody', async () => {
    await sling('some work', 'proj/crew/max');
    expect((await done(max)).exit).toBe(0);
    expect(await inboxOf('proj/witness')).toEqual([]);
    expect(await done(max)).toMatchObject({ exit: 1, err: 'Nothing hangs on the hook of proj/crew/max.' });
  });

  it('ends the one piece that is named, never one whose id only begins alike', async () => {
    const files = openFiles(town.root, { now: Date.now });
    const ids = [await add('one'), await add('two')];
    for (const id of ids) await files.work.hook(id, 'proj/polecats/toast');
    expect(await done(toast, { issue: '' })).toMatchObject({ exit: 64 });
    expect(await done(toast, { issue: 'gw-' })).toMatchObject({
      exit: 1,
      err: expect.stringContaining(' or '),
    });
    expect(await hook(toast, ['clear', ''])).toMatchObject({ exit: 64 });
    expect(await hook(toast, ['clear', 'gw-'])).toMatchObject({ exit: 1 });
    expect(await stateIn(ids[0] ?? '')).toMatchObject({ is: 'hooked' });
    expect((await done(toast, { issue: ids[0] })).exit).toBe(0);
    expect(await stateIn(ids[0] ?? '')).toMatchObject({ is: 'closed' });
    expect(await stateIn(ids[1] ?? '')).toMatchObject({ is: 'hooked' });
  });

  it('prefers the exact id to longer ones that begin so', () => {
    const item = (id: string) => ({
      ...{ id, title: '', description: '', by: '', priority: 2 as const, created: null },
      state: { is: 'hooked' as const, agent: 'proj/polecats/toast', since: null },
    });
    const agent = worker('proj', 'polecat', 'toast');
    const hooked = [item('gt-a12'), item('gt-a1'), item('gt-b1')];
    expect(hookedItem('gt-a1', hooked, agent).id).toBe('gt-a1');
    expect(hookedItem('gt-b', hooked, agent).id).toBe('gt-b1');
    expect(() => hookedItem('gt-a', hooked, agent)).toThrow('gt-a12 or gt-a1');
  });

  it('tells the witness once, however often it was cut short, and again when the work comes back', async () => {
    const { work } = JSON.parse((await sling('repair it', 'proj/toast')).out);
    // As a kill right after the mail leaves it.
    const [first] = await mailTo(
      'proj/witness',
      'POLECAT_DONE toast',
      `Exit: COMPLETED\nIssue: ${work}\nBranch: -`,
      {
        from: 'proj/polecats/toast',
      },
    );
    expect(JSON.parse((await done(toast, { json: true })).out)).toMatchObject({ mail: first, work: [work] });
    expect(await inboxOf('proj/witness')).toHaveLength(1);
    expect(await stateOf('proj/polecats/toast')).toBe('done');

    const again = JSON.parse((await sling('another turn', 'proj/toast')).out).work;
    expect((await done(toast, { status: 'DEFERRED' })).exit).toBe(0);
    expect(await inboxOf('proj/witness')).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 1_000 - (Date.now() % 1_000)));
    await sling(again, 'proj/toast');
    expect((await done(toast, { status: 'DEFERRED' })).exit).toBe(0);
    expect(await inboxOf('proj/witness')).toHaveLength(3);
  });

  it('with nothing on its hook says so (exit 1), tells nobody, and says when the work ended', async () => {
    expect(await done(toast)).toMatchObject({
      exit: 1,
      err: 'Nothing hangs on the hook of proj/polecats/toast.',
    });
    await sling('repair it', 'proj/toast');
    expect((await done(toast)).exit).toBe(0);
    for (const more of [{}, { status: 'ESCALATED' }, { json: true }])
      expect(await done(toast, more)).toMatchObject({
        exit: 1,
        err: expect.stringMatching(
          /^Nothing hangs on the hook of proj\/polecats\/toast\. Its work ended .* ago, /,
        ),
      });
    expect(await inboxOf('proj/witness')).toHaveLength(1);
    expect(await stateOf('proj/polecats/toast')).toBe('done');
  });

  it('finishes what was cut short between the close and the record, and tells the witness of closed work', async () => {
    const { work } = JSON.parse((await sling('repair it', 'proj/toast')).out);
    await as(human, (context) => workCloseCommand({ ids: [work] }, context));
    expect(await stateOf('proj/polecats/toast')).toBe('working');
    expect((await done(toast)).exit).toBe(0);
    expect(await stateOf('proj/polecats/toast')).toBe('done');
    expect(await inboxOf('proj/witness')).toHaveLength(1);
    expect((await done(toast)).exit).toBe(1);
    expect(await inboxOf('proj/witness')).toHaveLength(1);
  });

  it('refuses a status that does not exist', async () => {
    expect(await done(toast, { status: 'FINE' })).toMatchObject({ exit: 64 });
  });
});

describe('gt work', () => {
  it('lists nothing as an empty list', async () => {
    expect((await as(human, (context) => workListCommand({ json: true }, context))).out).toBe(
      jsonText({ schema: 'gt.work.list/1', work: [] }),
    );
    expect((await as(human, (context) => workListCommand({}, context))).out).toContain('gt work add');
  });

  it('lists open and hooked work, oldest first, and closes it twice without complaint', async () => {
    const [one, two] = [await add('one thing'), await add('two things')];
    await sling(two, 'proj/toast');
    expect(await list()).toMatchObject([
      { id: one, status: 'open' },
      { id: two, status: 'hooked', assignee: 'proj/polecats/toast' },
    ]);
    for (const word of ['is closed\n', 'is closed already\n'])
      expect((await as(human, (context) => workCloseCommand({ ids: [two] }, context))).out).toContain(word);
    expect(await list()).toMatchObject([{ id: one }]);
    const shown = await as(human, (context) =>
      workShowCommand({ id: two.slice(0, 14) + two.slice(14) }, context),
    );
    expect(shown.out).toMatch(
      / {2}closed \S.*, \d\d:\d\d by overseer, P2, written down by overseer, .*, \d\d:\d\d\n/,
    );
    expect(shown.out).not.toMatch(/\dT\d/);
  });

  it('keeps what a title does to a terminal off it', async () => {
    await add('red \u001b[31m text\nwith a line end');
    const { out } = await as(human, (context) => workListCommand({}, context));
    expect(out).not.toContain('\u001b');
    expect(out.trim().split('\n')).toHaveLength(1);
  });
});

function slingTo(agent: string): Promise<Said> {
  return town.as(human, (context) => slingCommand({ work: 'some work', agent }, context));
}

async function stateIn(id: string): Promise<unknown> {
  const item = await store().work.get(id);
  return item.known ? item.value?.state : item;
}

async function list(): Promise<unknown> {
  return JSON.parse((await as(human, (context) => workListCommand({ json: true }, context))).out).work;
}

async function inboxOf(mailbox: string) {
  const inbox = await store().mail.inbox(mailbox);
  if (!inbox.known) throw new Error(inbox.reason);
  return inbox.value.items;
}

async function mailTo(to: string, subject: string, body: string, more = {}): Promise<readonly string[]> {
  const sent = await store().mail.send(draftWith({ from: 'mayor', to, subject, body, ...more }));
  if (!sent.known) throw new Error(sent.reason);
  return sent.value.map(({ id }) => id);
}
