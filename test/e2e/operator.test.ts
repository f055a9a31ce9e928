import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';

// Real agents on real tmux, on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let town: TestTown;
beforeEach(async () => {
  town = await testTown(['proj'], '', 'default');
});
afterEach(() => town.close());

const out = async (...args: string[]) => (await town.gt(args)).stdout;
const json = async (...args: string[]) => JSON.parse(await out(...args, '--json'));

describe('the operator’s hand', () => {
  it('keeps a held rig from being started, shows the hold in status, why and tick, and lets it go', async () => {
    await town.gt(['hold', 'proj', '--reason', 'moving house', '--for', '2h']);
    const held = await town.tick();
    expect(held.actions.map(({ id }) => id)).toEqual(['start:deacon']);
    expect(await out('status')).toMatch(/holds\n {2}‖ {2}proj {2}hold by .*: moving house/);
    expect(await out('why', 'proj/witness')).toMatch(
      /held {7}proj, hold by .*: moving house, since .*, until in/,
    );
    await town.gt(['resume', 'proj']);
    expect((await town.tick()).actions.map(({ id }) => id)).toEqual(['start:proj/witness']);
    expect(await out('log', 'proj')).toMatch(/held by .*no longer held.*Started proj\/witness/s);
  });

  it('is told of once in the log, also where a pass in between could not look for want of tmux', async () => {
    await town.gt(['hold', 'proj', '--reason', 'moving house']);
    await town.tick();
    town.settings((all) => {
      all.tick = { ...(typeof all.tick === 'object' ? all.tick : {}), path: [] };
    });
    mkdirSync(join(town.dir, 'empty'));
    expect((await town.tick({ PATH: join(town.dir, 'empty') })).status).toBe(69);
    await town.tick();
    const told = (await out('log', 'proj/witness')).split('\n').filter((line) => line.includes('held'));
    expect(told).toEqual([expect.stringContaining('Leaves proj/witness alone')]);
  });

  it('shows an ESTOP file with its reason, and waits for nobody to end it', async () => {
    writeFileSync(join(town.root, 'ESTOP'), 'the house burns\n');
    expect((await town.tick()).actions).toEqual([]);
    expect(await out('status')).toMatch(/the whole town {2}estop by .*: the house burns/);
    expect((await json('why', 'deacon')).holds).toMatchObject([{ kind: 'estop', reason: 'the house burns' }]);
    rmSync(join(town.root, 'ESTOP'));
    expect((await town.tick()).actions).toHaveLength(2);
  });
});

describe('looking on', () => {
  async function killed(session: string): Promise<void> {
    process.kill(town.paneOf(session).pid, 'SIGKILL');
    await until('the pane to be dead', () => town.paneOf(session).dead);
  }

  it('explains an agent that died: how, when, and why the next start waits; a reset makes it wait no longer', async () => {
    await town.tick();
    await town.ready('gt-deacon', 'gt-proj-witness');
    await killed('gt-proj-witness');
    // The first restart is immediate; the next has to wait.
    await town.tick();
    await killed('gt-proj-witness');
    const { status, stdout } = await town.gt(['why', 'proj/witness']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/found {6}ended/);
    expect(stdout).toMatch(
      /next pass .*\n +nothing, since it was started a short while ago and waits .*, until in /,
    );
    const told = await json('why', 'proj/witness');
    expect(told).toMatchObject({ schema: 'gt.why/1', agent: 'proj/witness', wanted: true, held: false });
    expect(told.next.notes[0]).toMatchObject({ agent: 'proj/witness', why: 'brake' });
    expect(told.brake).toMatchObject({ attempts: 1, down: true });
    await town.gt(['reset', 'proj/witness']);
    const [next] = (await json('why', 'proj/witness')).next.actions;
    expect(next).toMatchObject({ kind: 'recreate', why: 'pane-dead' });
  });

  it('tells people that mail waits for them, and when an agent was last seen to live', async () => {
    await town.gt(['mail', 'send', '--human', '-s', 'help']);
    await town.gt(['mail', 'send', 'mayor', '-s', 'red']);
    await town.gt(['mail', 'inbox'], { GT_ROLE: 'deacon' });
    const { stdout } = await town.gt(['status', '--json']);
    expect(stdout).not.toMatch(/"[a-z]+[A-Z][A-Za-z]*":/);
    expect(JSON.parse(stdout)).toMatchObject({
      overseer: { name: 'overseer', unread_mail: 1 },
      agents: [
        { name: 'mayor', unread_mail: 1, first_subject: 'red' },
        { name: 'deacon', unread_mail: 0 },
      ],
    });
    expect(await out('status')).toContain('1 unread for the overseer: gt mail inbox overseer');
    expect((await json('why', 'deacon')).sign).toMatch(/^\d{4}-.*Z$/);
  });

  it('calls nothing cut short while a pass is at work, and says since when it is', async () => {
    const slow = town.start(['tick', '--force'], { GT_FAULT: 'pass.intent-saved:1:delay:8000' });
    await until('the intent to be saved', isAtWork);
    const text = await out('status');
    expect(text).toMatch(/at work {4}a pass is at work since .* \(pid \d+, of /);
    expect(text).not.toContain('cut short');
    const dry = await town.gt(['tick', '--dry-run', '--json']);
    const { warnings } = JSON.parse(dry.stdout);
    expect(warnings.map(({ code }: { code: string }) => code)).toEqual(['pass-at-work']);
    await slow.ended;
    expect(await out('status')).not.toContain('at work');
  });

  it('tells of a pass that was cut short once it is dead', async () => {
    await town.gt(['tick', '--force'], { GT_FAULT: 'pass.intent-saved:1:kill' });
    expect(await out('status')).toContain('cut short');
  });

  it('decides a stored pass once more and comes to the same plan; a changed memory makes another', async () => {
    await town.tick();
    await town.tick();
    const listed = (await out('replay')).trim().split('\n');
    expect(listed).toHaveLength(2);
    for (const line of listed) {
      const [short = ''] = line.split(' ');
      const { status, stdout } = await town.gt(['replay', short]);
      expect(stdout).toContain('✓ The same plan as then.');
      expect(status).toBe(0);
    }
    const { passes } = await json('replay');
    const file = `daemon/passes/${passes[1]}.json`;
    const stored = town.read(file);
    const other = JSON.parse(JSON.stringify(stored).replaceAll('session-absent', 'session-gone'));
    writeFileSync(join(town.root, file), JSON.stringify(other));
    const { status, stdout } = await town.gt(['replay', passes[1]]);
    expect(stdout).toContain('actions[0].why: was "session-gone", is "session-absent"');
    expect(status).toBe(1);
    expect((await town.gt(['replay', 'nothing'])).status).toBe(64);
  });

  it('follows the log across a rotation, with nothing lost and nothing twice, until its reader goes', async () => {
    const following = town.start(['log', '--follow', '--json']);
    const events = join(town.root, 'daemon/events.jsonl');
    const line = (n: number) =>
      `${JSON.stringify({ at: new Date().toISOString(), kind: 'note', agent: null, pass: null, text: `n${n}`, evidence: {} })}\n`;
    for (let n = 0; n < 40; n += 1) {
      appendFileSync(events, line(n));
      if (n === 20) renameSync(events, `${events}.1`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await until('all of it to be told', () => following.told().includes('"n39"'));
    process.kill(following.pid, 'SIGTERM');
    const { stdout } = await following.ended;
    const told = stdout
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one).text)
      .filter((text) => /^n\d+$/.test(text));
    expect(told).toEqual(Array.from({ length: 40 }, (_, n) => `n${n}`));
  });
});

function isAtWork(): boolean {
  const state = town.files().get(join(town.root, 'daemon/state.json'));
  return state !== undefined && /"running":\s*true/.test(state);
}
