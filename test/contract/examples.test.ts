import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { commands } from '../../src/commands/list.ts';
import { splitWords } from '../../src/town/split-words.ts';
import { type TestTown, testTown } from '../rig/town.ts';

// Every example starts the built gt, some of them agents.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Examples that are not run here, and why. */
const notRun: Readonly<Record<string, string>> = {
  'gt log --follow': 'it never ends',
  'gt demo': 'test/e2e/demo.test.ts runs it',
};

/** Commands that would reach beyond the town. */
const beyond = /^gt (schedule (install|uninstall)|daemon (start|stop))\b/;

let town: TestTown;
let shims: string;
beforeAll(async () => {
  town = await testTown(['proj']);
  shims = join(town.dir, 'shims');
  mkdirSync(shims);
  for (const name of ['crontab', 'systemctl', 'loginctl', 'launchctl', 'claude', 'bd']) {
    writeFileSync(join(shims, name), '#!/bin/sh\nexit 1\n');
    chmodSync(join(shims, name), 0o755);
  }
  for (const worker of ['crew/max', 'polecats/toast'])
    mkdirSync(join(town.root, 'proj', worker), { recursive: true });
});
afterAll(() => town.close());

const examples = commands.flatMap(({ examples }) => examples.map(([line]) => line));

describe('every example of every command', () => {
  it.each(examples.filter((line) => !(line in notRun) && !beyond.test(line)))('runs: %s', async (line) => {
    const split = splitWords(line.replace('~', town.dir));
    const [first, ...words] = split.kind === 'words' ? split.words : [];
    expect(first).toBe('gt');
    const env = { PATH: `${shims}:/usr/local/bin:/usr/bin:/bin`, GT_ROLE: 'deacon', BD_ACTOR: 'deacon' };
    const ran = await town.gt(withShortWaits(words), env);
    // Whom or what an example names may not be there; that the line is understood, and ends, is what it promises.
    const said = `${ran.status}: ${ran.stdout}${ran.stderr}`;
    expect(ran.signal, said).toBe(null);
    expect(said).not.toMatch(/^70|There is no (command|option)|argument (is missing|too many)|needs a value/);
  });

  it('leaves out only examples that exist', () => {
    for (const line of Object.keys(notRun)) expect(examples).toContain(line);
  });
});

/** Nobody answers here, so nobody needs to be waited for. */
function withShortWaits(args: readonly string[]): readonly string[] {
  return args[0] === 'handoff' ? [...args, '--wait', '1'] : args;
}
