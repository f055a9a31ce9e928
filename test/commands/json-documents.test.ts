import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/commands/command-line.ts';
import { commands } from '../../src/commands/list.ts';
import { gt, rigTown, type Told } from './told.ts';

let town: string;
beforeEach(() => {
  town = rigTown();
});
afterEach(() => rmSync(town, { recursive: true, force: true }));

const as = (role: string, args: readonly string[]): Promise<Told> =>
  gt(town, args, { env: { GT_ROLE: role } });
const deacon = (...args: string[]): Promise<Told> => as('deacon', args);

async function json(told: Promise<Told>): Promise<Record<string, unknown>> {
  const { out } = await told;
  return JSON.parse(out);
}

const mayors = async (): Promise<readonly Record<string, unknown>[]> =>
  JSON.parse((await gt(town, ['mail', 'inbox', 'mayor', '--json'])).out);

describe('one document with --json', () => {
  it('is there from every command but those that are watched', () => {
    const without = commands.filter(({ options = {} }) => !('json' in options)).map(wordsOf);
    const attaching = ['witness', 'refinery', 'deacon', 'mayor'].map((role) => `${role} attach`);
    expect(without.sort()).toEqual([...attaching, 'crew at', 'demo', 'session at'].sort());
  });

  it('from what ends mail, with what became of each message', async () => {
    const sent = await json(deacon('mail', 'send', 'mayor', '-s', 'one', '--json'));
    const [{ id } = { id: '' }] = await mayors();
    expect(sent).toMatchObject({ sent: [{ id }] });
    const messages = [
      { id, outcome: 'acknowledged', error: null },
      { id: 'nope', outcome: null, error: 'message not found: nope' },
    ];
    const said = await deacon('mail', 'ack', String(id), 'nope', '--json');
    expect(said.exit).toBe(1);
    expect(JSON.parse(said.out)).toEqual({ schema: 'gt.mail.ack/1', messages });
    for (const verb of ['delete', 'archive', 'mark-read'])
      expect((await json(deacon('mail', verb, String(id), '--json'))).schema).toBe(`gt.mail.${verb}/1`);
  });

  it('from gt mail peek and clear', async () => {
    await deacon('mail', 'send', 'mayor', '-s', 'one', '-m', 'x'.repeat(600));
    await deacon('mail', 'send', 'mayor', '-s', 'one');
    const first = await json(as('mayor', ['mail', 'peek', '--json']));
    expect(first).toMatchObject({ schema: 'gt.mail.peek/1', message: { subject: 'one' }, more: 1 });
    expect(await json(as('mayor', ['mail', 'clear', '--json']))).toEqual({
      schema: 'gt.mail.clear/1',
      address: 'mayor/',
      cleared: 2,
      kept: 0,
    });
    const none = await as('mayor', ['mail', 'peek', '--json']);
    expect(none.exit).toBe(1);
    expect(JSON.parse(none.out)).toEqual({ schema: 'gt.mail.peek/1', message: null, more: 0 });
  });

  it.each([
    [['deacon', 'heartbeat', 'a', 'b'], { schema: 'gt.deacon.heartbeat/1', cycle: 1, last_action: 'a b' }],
    [['dnd'], { schema: 'gt.notify/1', agent: 'deacon', level: 'normal' }],
    [['dnd', 'on'], { schema: 'gt.notify/1', agent: 'deacon', level: 'muted' }],
    [['notify', 'verbose'], { schema: 'gt.notify/1', agent: 'deacon', level: 'verbose' }],
    [['prime'], { schema: 'gt.prime/1', text: expect.stringContaining('deacon') }],
    [['costs', 'record'], { schema: 'gt.costs.record/1', recorded: false }],
    [['nudge', 'deacon', 'session-started'], { schema: 'gt.nudge/1', targets: [] }],
    [['work', 'list'], { schema: 'gt.work.list/1', work: [] }],
    [['work', 'add', 'mend it'], { schema: 'gt.work.add/1', title: 'mend it', status: 'open' }],
  ])('from gt %j', async (args, document) => {
    const said = await deacon(...args, '--json');
    expect(said).toMatchObject({ exit: 0, err: '' });
    expect(JSON.parse(said.out)).toMatchObject(document);
  });

  it('from gt work show and close, of the same keys', async () => {
    const { id } = await json(deacon('work', 'add', 'mend it', '--json'));
    const shown = await json(deacon('work', 'show', String(id), '--json'));
    expect(shown).toMatchObject({ schema: 'gt.work.show/1', id, status: 'open' });
    const closed = await json(deacon('work', 'close', String(id), '--json'));
    expect(closed).toMatchObject({ schema: 'gt.work.close/1', work: [{ id, status: 'closed' }] });
  });

  it('from gt daemon logs, with every event', async () => {
    await deacon('hook', 'mend the build');
    await deacon('done');
    const said = await json(gt(town, ['daemon', 'logs', '-n', '1', '--json']));
    expect(said).toMatchObject({
      schema: 'gt.daemon-logs/1',
      town,
      events: [{ kind: 'done', agent: 'deacon' }],
    });
  });

  it('but a hook’s reminder of mail stays what an agent reads', async () => {
    expect(await as('mayor', ['mail', 'check', '--inject', '--json'])).toEqual({ exit: 0, out: '', err: '' });
    await deacon('mail', 'send', 'mayor', '-s', 'one');
    expect((await as('mayor', ['mail', 'check', '--inject', '--json'])).out).toMatch(/^<system-reminder>/);
  });
});
