import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gt, rigTown, type Told } from './told.ts';

let town: string;
beforeEach(() => {
  town = rigTown('witness', 'crew/max', 'polecats/toast');
  const runtime = { command: process.execPath, process_names: ['node'], composer: ['❯'] };
  const tick = { socket: 'gt-test-sling', tmux_tmpdir: town };
  const settings = { default_agent: 'mine', agents: { mine: runtime }, tick };
  writeFileSync(join(town, 'settings/config.json'), JSON.stringify(settings));
});
afterEach(() => rmSync(town, { recursive: true, force: true }));

const sling = (agent: string, env: Readonly<Record<string, string>> = {}, ...more: string[]): Promise<Told> =>
  gt(town, ['sling', 'repair the build', agent, ...more], { env });

describe('gt sling to somebody who does not run', () => {
  it.each([
    ['mayor', 'mayor does not run. Nobody keeps it running. Start it: gt mayor start'],
    ['proj/max', 'proj/crew/max does not run. Nobody keeps it running. Start it: gt crew start proj/max'],
  ])('says of %s, whom nobody starts, on stderr what to do', async (agent, line) => {
    const told = await sling(agent);
    expect(told).toMatchObject({ exit: 0, err: `⚠ Warning: ${line}\n` });
    expect(told.out).toMatch(/^✓ Slung \S+ \(repair the build\) to \S+\n$/);
  });

  it.each(['proj/witness', 'proj/polecats/toast'])('says of %s that a heartbeat starts it', async (agent) => {
    const told = await sling(agent);
    expect(told).toMatchObject({ exit: 0, err: '' });
    expect(told.out).toMatch(
      /to (\S+)\n {2}\1 does not run\. The next heartbeat starts it\. At once: gt tick --force\n$/,
    );
  });

  it('says it beside the document too', async () => {
    const { out, err } = await sling('mayor', {}, '--json');
    expect(JSON.parse(out)).toMatchObject({ agent: 'mayor', told: 'not-running' });
    expect(err).toMatch(/^⚠ Warning: mayor does not run\. [^\n]+\n$/);
  });

  it('names what holds it and the command that ends that', async () => {
    await gt(town, ['hold', 'proj/toast', '--reason', 'mine']);
    expect((await sling('proj/toast')).err).toBe(
      '⚠ Warning: proj/polecats/toast does not run. It is held (hold by ann: mine). To end that: gt resume proj/polecats/toast\n',
    );
  });

  it('says why the keeper does not start it', async () => {
    writeFileSync(
      join(town, 'settings/config.json'),
      JSON.stringify({
        default_agent: 'mine',
        agents: { mine: { command: '/no/such/program' } },
        tick: { socket: 'gt-test-sling', tmux_tmpdir: town },
      }),
    );
    expect((await sling('proj/toast')).err).toMatch(
      /does not run\. The next heartbeat does not start it: .*program.*\. See: gt why proj\/polecats\/toast\n$/,
    );
  });

  it('says nothing to an agent that slings to itself', async () => {
    expect(await sling('mayor', { GT_ROLE: 'mayor' })).toMatchObject({ exit: 0, err: '' });
  });
});
