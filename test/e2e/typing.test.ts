import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { beginAnew, clockFrom, composerOf, deeds, linesHeard, minutes } from '../rig/faulted.ts';
import { clockEnv, type TestTown, testTown } from '../rig/town.ts';
import { until } from '../rig/until.ts';

/** A deacon that has been silent for long, and somebody or something in the way of waking it. */
describe('a nudge that stands in somebody’s way', () => {
  const base = clockFrom();
  const deacon = 'gt-deacon';
  let town: TestTown;
  let heard: number;
  let minute: number;
  let person: ChildProcess | undefined;

  beforeAll(async () => {
    town = await testTown();
  });
  afterAll(() => town.close());
  beforeEach(async () => {
    await beginAnew(town, base, [deacon]);
    heard = town.heard(deacon).length;
    minute = 19;
  });
  afterEach(async () => {
    await leave();
    town.tmux('kill-session', '-t', `=${deacon}:`);
  });

  /** The next minute's pass. */
  const tick = () => {
    minute += 1;
    return town.tick(clockEnv(base, minutes(minute)));
  };
  const told = () => town.heard(deacon).slice(heard);
  const said = () =>
    told().flatMap(({ line }) => (typeof line === 'string' && line.startsWith('HEARTBEAT') ? [line] : []));
  const attached = () =>
    Number(town.tmux('display-message', '-p', '-t', `=${deacon}:`, '#{session_attached}'));

  /** Somebody attaches from a terminal of their own. */
  async function attach(): Promise<ChildProcess> {
    const command = `stty rows 50 cols 200; exec tmux -u -L gt-test attach -t '=${deacon}:'`;
    const env = { ...town.env, TERM: 'screen', LC_ALL: 'C.UTF-8' };
    person = spawn('script', ['-qfc', command, '/dev/null'], { env, stdio: ['pipe', 'ignore', 'ignore'] });
    await until('somebody to be attached', () => attached() === 1);
    return person;
  }
  async function leave(): Promise<void> {
    if (person === undefined) return;
    town.tmux('detach-client', '-s', `=${deacon}`);
    await until('nobody to be attached', () => attached() === 0);
    person.kill('SIGTERM');
    person = undefined;
  }
  async function putOff(reason: string, count: number): Promise<void> {
    const report = await tick();
    expect(deeds(report)).toEqual(['nudge:deacon heartbeat-very-stale skipped']);
    expect(report.status).toBe(0);
    expect(town.read('daemon/state.json')).toMatchObject({
      agents: { deacon: { deferrals: { count, reason } } },
    });
    expect(said()).toEqual([]);
  }
  async function shown(count: number, words: string): Promise<void> {
    const clock = clockEnv(base, minutes(minute));
    const status = await town.gt(['status'], clock);
    expect(status.stdout).toMatch(new RegExp(`put off\\n.*deacon +${count}× +${words}`));
    const { agents }: { agents: { id: string; deferrals: unknown }[] } = JSON.parse(
      (await town.gt(['status', '--json'], clock)).stdout,
    );
    expect(agents.find(({ id }) => id === 'deacon')?.deferrals).toMatchObject({ count });
  }
  async function delivered(): Promise<void> {
    expect(deeds(await tick())).toEqual(['nudge:deacon heartbeat-very-stale ok']);
    expect(said()).toHaveLength(1);
    expect(composerOf(town, deacon)).toBe('');
    expect(town.read('daemon/state.json')).toMatchObject({ agents: { deacon: { deferrals: null } } });
    expect((await town.gt(['status'], clockEnv(base, minutes(minute)))).stdout).not.toContain('put off');
    expect((await tick()).actions).toEqual([]);
    expect(said()).toHaveLength(1);
  }

  it('waits while a person’s half-written line stands in the composer, and leaves every letter of it', async () => {
    const { stdin } = await attach();
    stdin?.write('half a thought; with $(odd) "bits" ');
    await until('the draft to show', () => composerOf(town, deacon) === 'half a thought; with $(odd) "bits"');
    await putOff('draft', 1);
    await shown(1, 'somebody');
    await putOff('draft', 2);
    await shown(2, 'somebody');
    expect(composerOf(town, deacon)).toBe('half a thought; with $(odd) "bits"');
    stdin?.write('and its end\r');
    await until('the line to be submitted', () => told().length === 1);
    expect(told()).toEqual([{ line: 'half a thought; with $(odd) "bits" and its end' }]);
    await delivered();
  });

  it('does not answer a dialog: no key at all is sent', async () => {
    await town.tell(deacon, 'dialog');
    await until('the dialog to show', () => town.screen(deacon).includes('Do you want to proceed?'));
    await putOff('dialog', 1);
    await putOff('dialog', 2);
    await shown(2, 'a dialog');
    expect(told()).toEqual([{ line: 'dialog' }]);
    town.tmux('send-keys', '-t', `=${deacon}:`, '2');
    await until('the dialog to go', () => !town.screen(deacon).includes('Do you want to proceed?'));
    await delivered();
    expect(told().filter(({ key }) => key !== undefined)).toEqual([{ key: '2' }]);
  });

  it('leaves a person in copy mode where they read, and comes when they have gone', async () => {
    await attach();
    town.tmux('copy-mode', '-t', `=${deacon}:`);
    await putOff('copy-mode', 1);
    await shown(1, 'somebody reads');
    expect(town.tmux('display-message', '-p', '-t', `=${deacon}:`, '#{pane_in_mode}')).toBe('1');
    await leave();
    expect(town.tmux('display-message', '-p', '-t', `=${deacon}:`, '#{pane_in_mode}')).toBe('1');
    await delivered();
    expect(town.tmux('display-message', '-p', '-t', `=${deacon}:`, '#{pane_in_mode}')).toBe('0');
  });

  it('does not disturb an agent at work', async () => {
    await town.tell(deacon, 'busy');
    await putOff('busy', 1);
    await shown(1, 'it is at work');
    await town.tell(deacon, 'idle');
    await delivered();
  });

  it('presses Enter again when one was swallowed, and types nothing twice', async () => {
    await town.tell(deacon, 'swallow 2');
    await delivered();
    expect(told().filter(({ swallowed }) => swallowed === true)).toHaveLength(2);
  });

  it('is stranded when every Enter is swallowed, and finished by the next pass without being typed again', async () => {
    await town.tell(deacon, 'swallow 8');
    const first = await tick();
    expect(deeds(first)).toEqual(['nudge:deacon heartbeat-very-stale failed']);
    expect(first.status).toBe(1);
    const standing = composerOf(town, deacon) ?? '';
    expect(standing).toMatch(/^HEARTBEAT: /);
    expect(standing.indexOf('HEARTBEAT', 1)).toBe(-1);
    await shown(1, 'an earlier message');
    expect(deeds(await tick())).toEqual(['nudge:deacon stranded ok']);
    expect(said()).toEqual([standing]);
    expect(composerOf(town, deacon)).toBe('');
    expect((await tick()).actions).toEqual([]);
    expect(linesHeard(town, deacon).at(-1)).toBe(standing);
  });

  it('never sends a key that cancels, whatever it meets', async () => {
    await attach();
    await delivered();
    expect(told().every((entry) => 'line' in entry)).toBe(true);
  });
});
