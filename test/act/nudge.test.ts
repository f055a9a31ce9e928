import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type NudgeAction, nudgeAgents } from '../../src/act/nudge.ts';
import { lockPane } from '../../src/act/pane-lock.ts';
import { known } from '../../src/model/fact.ts';
import { until } from '../rig/until.ts';
import { type StandInTown, standInTown } from './town.ts';

vi.setConfig({ testTimeout: 60_000 });

let town: StandInTown;

const witness = 'proj/witness';
const text = 'HEARTBEAT: one look at everybody, please.';

/** A town with these agents up and showing their composers. */
async function running(
  agents: readonly string[] = [witness],
  options: Parameters<typeof standInTown>[0] = {},
): Promise<void> {
  town = standInTown(options);
  await town.begin(...agents);
}

const say = async (line = text, finish = false) => {
  const [outcome] = await nudgeAgents([await town.nudge(witness, line, finish)], town.world);
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
};
const lines = (agent = witness) =>
  town.heard(agent).flatMap(({ line }) => (typeof line === 'string' ? [line] : []));
const keys = (agent = witness) => town.heard(agent).filter((entry) => 'key' in entry);
const type = async (draft: string) => {
  await town.tmux.tmux('send-keys', '-t', '=gt-proj-witness:', '-l', '--', draft);
  await until('the draft to show', async () => (await town.screen(witness)).includes(draft));
};

describe('a nudge', () => {
  it('is typed whole and submitted once', async () => {
    await running();
    expect(await say()).toMatchObject({ result: 'ok', error: null, reason: null });
    expect(town.heard(witness)).toEqual([{ line: text }]);
    expect(await town.tmux.tmux('display-message', '-p', '-t', '=gt-proj-witness:', '[#{@gt_pending}]')).toBe(
      '[]',
    );
  });

  it('arrives byte for byte, whatever punctuation it holds and however often the screen wraps it', async () => {
    await running();
    const word = fc.stringMatching(/^[!-~]{1,12}$/);
    const odd = fc.constantFrom(
      '-x',
      'a;',
      '#{pane_id}',
      '"q"',
      "it's",
      '$HOME',
      '`id`',
      '\\',
      '{',
      '}',
      '~',
      '%1',
      'é',
      '—',
      '🙂',
    );
    const sentence = fc
      .array(fc.oneof(word, odd), { minLength: 1, maxLength: 60 })
      .map((words) => words.join(' '));
    const commands = /^\s*(exit|hang|dialog|swallow|draft|quiet|busy|limit|deaf|idle)\b/;
    await fc.assert(
      fc.asyncProperty(sentence, async (line) => {
        // What looks like a menu, a login or a limit in the composer is rightly left alone.
        fc.pre(!commands.test(line) && !/^\s*\d+[.)]/.test(line));
        const before = lines().length;
        expect(await say(line)).toMatchObject({ result: 'ok' });
        expect(lines().slice(before)).toEqual([line]);
      }),
      { numRuns: 12, examples: [['-x leading; and #{x} trailing;'], ['x'.repeat(900)]] },
    );
  });

  it('leaves a draft alone, byte for byte, and is delivered once after the draft was sent', async () => {
    await running();
    await type('please look at the');
    expect(await say()).toMatchObject({ result: 'skipped', reason: 'draft' });
    expect(town.heard(witness)).toEqual([]);
    await town.tmux.tmux('send-keys', '-t', '=gt-proj-witness:', 'Enter');
    await until('the draft to be sent', () => lines().length === 1);
    expect(lines()).toEqual(['please look at the']);
    expect(await say()).toMatchObject({ result: 'ok' });
    expect(lines()).toEqual(['please look at the', text]);
  });

  it('sends no key at all to a dialog', async () => {
    await running();
    await town.tell(witness, 'dialog');
    await until('the dialog', async () => (await town.screen(witness)).includes('Do you want'));
    expect(await say()).toMatchObject({
      result: 'skipped',
      reason: 'dialog',
      error: 'Do you want to proceed?',
    });
    expect(keys()).toEqual([]);
  });

  it('waits for an agent that works, that is at its limit', async () => {
    await running();
    await town.tell(witness, 'busy');
    await until('it to work', async () => (await town.screen(witness)).includes('esc to interrupt'));
    expect(await say()).toMatchObject({ result: 'skipped', reason: 'busy' });
    await town.tell(witness, 'idle');
    await town.tell(witness, 'limit');
    expect(await say()).toMatchObject({ result: 'skipped', reason: 'limit' });
    expect(lines()).toEqual(['busy', 'idle', 'limit']);
  });

  it.each([1, 3])('is submitted exactly once when %i Enters are swallowed', async (count) => {
    await running();
    await town.tell(witness, `swallow ${count}`);
    expect(await say()).toMatchObject({ result: 'ok' });
    expect(town.heard(witness)).toEqual([
      { line: `swallow ${count}` },
      ...Array.from({ length: count }, () => ({ swallowed: true })),
      { line: text },
    ]);
  });

  it('is stranded when every Enter is swallowed, and the next one finishes it instead of typing again', async () => {
    await running();
    await town.tell(witness, 'swallow 100');
    expect(await say()).toMatchObject({ result: 'failed', reason: 'stranded' });
    expect(lines()).toEqual(['swallow 100']);
    const swallowed = town.heard(witness).length - 1;
    expect(swallowed).toBeLessThanOrEqual(6);
    for (let left = 100 - swallowed; left > 0; left -= 1)
      await town.tmux.tmux('send-keys', '-t', '=gt-proj-witness:', 'Enter');
    await until('the Enters to be used up', () => town.heard(witness).length === 101);
    expect(await say('HEARTBEAT: another day, another message.')).toMatchObject({ result: 'ok' });
    expect(lines()).toEqual(['swallow 100', text]);
  });

  it('that is to be finished presses Enter for exactly its text, and types nothing otherwise', async () => {
    await running();
    await type(text);
    expect(await say(text, true)).toMatchObject({ result: 'ok' });
    expect(lines()).toEqual([text]);
    expect(await say(text, true)).toMatchObject({ result: 'ok' });
    await type(`${text} and more`);
    expect(await say(text, true)).toMatchObject({ result: 'skipped', reason: 'draft' });
    expect(lines()).toEqual([text]);
  });

  it('fails at a dead pane, at one that runs something else, and at one that is gone', async () => {
    await running([witness, 'proj/crew/w0', 'proj/crew/w1']);
    const dead = await town.nudge(witness, text);
    await town.tmux.tmux('send-keys', '-t', '=gt-proj-witness:', 'exit 3', 'Enter');
    await until(
      'it to end',
      async () =>
        (await town.tmux.tmux('display-message', '-p', '-t', '=gt-proj-witness:', '#{pane_dead}')) === '1',
    );
    const other = { ...(await town.nudge('proj/crew/w0', text)), panePid: 1 };
    const gone = await town.nudge('proj/crew/w1', text);
    await town.tmux.tmux('kill-session', '-t', '=gt-proj-crew-w1:');
    const outcomes = await nudgeAgents([dead, other, gone], town.world);
    expect(outcomes.map(({ result, reason }) => [result, reason]).sort()).toEqual([
      ['failed', 'changed'],
      ['failed', 'dead'],
      ['failed', 'gone'],
    ]);
    expect(lines('proj/crew/w0')).toEqual([]);
  });

  it('touches neither a neighbour whose name only begins the same nor another pane of the session', async () => {
    await running();
    await town.tmux.tmux('new-session', '-d', '-s', 'gt-proj-witness-boot', '--', 'env', 'cat');
    await town.tmux.tmux('split-window', '-t', '=gt-proj-witness:', '--', 'env', 'cat');
    const [agentPane = '', otherPane = ''] = (
      await town.tmux.tmux('list-panes', '-t', '=gt-proj-witness:', '-F', '#{pane_id}')
    ).split('\n');
    const panePid = Number(await town.tmux.tmux('display-message', '-p', '-t', agentPane, '#{pane_pid}'));
    const [outcome] = await nudgeAgents(
      [{ ...(await town.nudge(witness, text)), pane: agentPane, panePid }],
      town.world,
    );
    expect(outcome).toMatchObject({ result: 'ok' });
    expect(lines()).toEqual([text]);
    for (const pane of [otherPane, '=gt-proj-witness-boot:'])
      expect(await town.tmux.tmux('capture-pane', '-p', '-t', pane)).toBe('');
  });

  it('never goes into a shell', async () => {
    await running();
    await town.tmux.tmux(
      'new-session',
      '-d',
      '-s',
      'gt-proj-crew-w2',
      '-e',
      'PS1=❯ ',
      '--',
      'env',
      'bash',
      '--norc',
      '-i',
    );
    await until('the prompt', async () => (await town.screen('proj/crew/w2')).includes('❯'));
    const [outcome] = await nudgeAgents([await town.nudge('proj/crew/w2', text)], town.world);
    expect(outcome).toMatchObject({ result: 'skipped', reason: 'shell' });
    expect(await town.screen('proj/crew/w2')).not.toContain('HEARTBEAT');
  });

  it('leaves copy mode first where nobody is attached', async () => {
    await running();
    await town.tmux.tmux('copy-mode', '-t', '=gt-proj-witness:');
    expect(await say()).toMatchObject({ result: 'ok' });
    expect(lines()).toEqual([text]);
  });

  it('is not typed when somebody goes into copy mode between the look and the typing', async () => {
    await running();
    const { call } = town.world.client;
    const client = {
      ...town.world.client,
      call: async (args: readonly string[], input?: string) => {
        if (input?.includes('send-keys') === true)
          await town.tmux.tmux('copy-mode', '-t', '=gt-proj-witness:');
        return call(args, input);
      },
    };
    const [outcome] = await nudgeAgents([await town.nudge(witness, text)], { ...town.world, client });
    expect(outcome).toMatchObject({ result: 'skipped', reason: 'changed' });
    await town.tmux.tmux('send-keys', '-t', '=gt-proj-witness:', '-X', 'cancel');
    expect(await town.screen(witness)).toMatch(/^❯\s*$/m);
  });

  it('does not disturb somebody who reads the scrollback', async () => {
    await running();
    const watcher = await watch();
    await town.tmux.tmux('copy-mode', '-t', '=gt-proj-witness:');
    expect(await say()).toMatchObject({ result: 'skipped', reason: 'copy-mode' });
    expect(await town.tmux.tmux('display-message', '-p', '-t', '=gt-proj-witness:', '#{pane_in_mode}')).toBe(
      '1',
    );
    await watcher();
  });

  it('reaches a detached program that reads only when its window changes, and leaves the size as it was', async () => {
    await running();
    const size = () =>
      town.tmux.tmux(
        'display-message',
        '-p',
        '-t',
        '=gt-proj-witness:',
        '#{window_width}x#{window_height} #{window-size}',
      );
    const before = await size();
    await town.tell(witness, 'deaf');
    // The look that follows its own command is over before it goes deaf.
    expect(await say()).toMatchObject({ result: 'ok' });
    expect(lines()).toEqual(['deaf', text]);
    await until('the size to be restored', async () => (await size()) === before);
  });

  it('to a program that hangs is stranded, and is not typed a second time', async () => {
    await running();
    await town.tmux.tmux('send-keys', '-t', '=gt-proj-witness:', 'hang', 'Enter');
    await until('it to hang', () => lines().includes('hang'));
    expect(await say()).toMatchObject({ result: 'failed', reason: 'stranded' });
    expect(await say()).toMatchObject({ result: 'failed' });
    expect(town.typed()).toBe(1);
  });

  it('that was interrupted after typing is finished by the next one, with the words it was begun with', async () => {
    await running();
    const cut = { ...town.world, deadline: () => (town.typed() > 0 ? 0 : 45_000) };
    const [outcome] = await nudgeAgents([await town.nudge(witness, text)], cut);
    expect(outcome).toMatchObject({ result: 'failed', reason: 'stranded' });
    expect(lines()).toEqual([]);
    expect(await say('HEARTBEAT: a later message.')).toMatchObject({ result: 'ok' });
    expect(lines()).toEqual([text]);
    expect(town.typed()).toBe(1);
  });

  it('is never submitted together with what somebody added to it', async () => {
    await running();
    const cut = { ...town.world, deadline: () => (town.typed() > 0 ? 0 : 45_000) };
    await nudgeAgents([await town.nudge(witness, text)], cut);
    await type('no wait');
    expect(await say()).toMatchObject({ result: 'skipped', reason: 'draft' });
    expect(lines()).toEqual([]);
  });

  it('is put off while somebody else types there, and a killed holder blocks nobody', async () => {
    await running();
    const { pane } = await town.paneOf(witness);
    const lock = lockPane(town.world.layout, pane, Date.now());
    expect(await say()).toMatchObject({ result: 'skipped', reason: 'locked' });
    if (lock.kind === 'held') lock.release();
    expect(await say()).toMatchObject({ result: 'ok' });
  });

  it('stays whole when ten are sent to one pane at once', async () => {
    await running();
    const texts = Array.from({ length: 10 }, (_, index) => `HEARTBEAT: number ${index} of ten, all at once.`);
    const send = async (line: string) => {
      const action: NudgeAction = await town.nudge(witness, line);
      await until(line, async () => (await nudgeAgents([action], town.world))[0]?.result === 'ok', 60_000);
    };
    await Promise.all(texts.map(send));
    expect([...lines()].sort()).toEqual(texts);
  });

  it('is not sent under a hold', async () => {
    await running();
    const hold = { target: '*', kind: 'estop', reason: 'stop', by: 'ann', since: null, until: null } as const;
    const action = await town.nudge(witness, text);
    const [outcome] = await nudgeAgents([action], { ...town.world, holdsNow: () => known([hold]) });
    expect(outcome).toMatchObject({ result: 'skipped', reason: 'held' });
    expect(town.heard(witness)).toEqual([]);
  });

  it('needs no more tmux clients for twenty agents than for a few, and one agent’s trouble stops nobody', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `proj/crew/w${index}`);
    await running(names, { crew: 20 });
    await town.tell('proj/crew/w3', 'dialog');
    const before = town.clients();
    const outcomes = await nudgeAgents(
      await Promise.all(names.map((name) => town.nudge(name, text))),
      town.world,
    );
    expect(outcomes.filter(({ result }) => result === 'ok')).toHaveLength(19);
    expect(outcomes.find(({ action }) => action === 'nudge:proj/crew/w3')).toMatchObject({
      reason: 'dialog',
    });
    for (const name of names.filter((each) => each !== 'proj/crew/w3')) expect(lines(name)).toEqual([text]);
    expect(town.clients() - before).toBeLessThanOrEqual(30);
  });
});

/** A person at the session: a tmux client in a pane of a second private server. */
async function watch(): Promise<() => Promise<void>> {
  const { privateTmux } = await import('../rig/tmux.ts');
  const outer = privateTmux();
  await outer.tmux(
    'new-session',
    '-d',
    '-s',
    'person',
    '--',
    'env',
    '-u',
    'TMUX',
    `TMUX_TMPDIR=${town.tmux.tmpdir}`,
    'tmux',
    '-u',
    '-L',
    town.tmux.socket,
    'attach',
    '-t',
    '=gt-proj-witness:',
  );
  await until(
    'somebody to be attached',
    async () =>
      (await town.tmux.tmux('display-message', '-p', '-t', '=gt-proj-witness:', '#{session_attached}')) ===
      '1',
  );
  return outer.close;
}
