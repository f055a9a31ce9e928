import { describe, expect, it } from 'vitest';
import { outsideText, visitorText } from '../../src/agents/prompts/nobody.ts';
import { roleText } from '../../src/agents/prompts/role.ts';
import { startupText } from '../../src/agents/startup-text.ts';
import type { Command } from '../../src/commands/command.ts';
import { commands } from '../../src/commands/list.ts';
import { hookStatusText } from '../../src/show/hook.ts';
import { rigAgent, townAgent, worker } from '../../src/town/identity.ts';
import { gt } from '../commands/told.ts';

const agents = [
  townAgent('deacon'),
  townAgent('mayor'),
  rigAgent('proj', 'witness'),
  rigAgent('proj', 'refinery'),
  worker('proj', 'crew', 'max'),
  worker('proj', 'polecat', 'toast'),
];

const texts: readonly (readonly [string, string])[] = [
  ...agents.map((agent) => [agent.role, roleText(agent)] as const),
  ...agents.map((agent) => [`${agent.role} at its start`, startupText(agent)] as const),
  ['a visitor', visitorText('/town')],
  ['somebody outside', outsideText],
  ['an empty hook', hookStatusText(townAgent('deacon'), []).replace(/gt mail inbox$/m, '`gt mail inbox`')],
];

/** Every command line between back-quotes, as words. */
function named(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/`(gt [^`]+)`/g)].map(([, line = '']) =>
    [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain).slice(1),
  );
}

function wordsOf({ usage }: Command): readonly string[] {
  return usage.split(' ').filter((word) => /^[a-z]/.test(word));
}

/** The command a line means: the one that shares most words with it. */
function commandIn(line: readonly string[]): Command | undefined {
  return commands
    .filter((command) => wordsOf(command).every((word, at) => line[at] === word))
    .sort((a, b) => wordsOf(b).length - wordsOf(a).length)[0];
}

describe('the prompts', () => {
  it.each(texts)('of %s name only commands and options that exist', async (_, text) => {
    for (const line of named(text)) {
      if (line[0] === '--help') continue;
      const command = commandIn(line);
      expect(command, `gt ${line.join(' ')}`).toBeDefined();
      if (command === undefined) continue;
      const letters = Object.entries(command.options ?? {}).flatMap(([name, { short }]) => [
        `--${name}`,
        ...(short === undefined ? [] : [`-${short}`]),
      ]);
      const options = line.filter((word) => /^--?[a-z]/.test(word));
      expect(letters, `gt ${line.join(' ')}`).toEqual(expect.arrayContaining(options));
      expect((await gt('/', [...wordsOf(command), '--help'])).exit, `gt ${line.join(' ')}`).toBe(0);
    }
  });

  it('name at least what each role lives by', () => {
    for (const agent of agents) {
      const lines = named(roleText(agent)).map((line) => line.join(' '));
      for (const needed of ['hook', 'mail inbox', 'done', 'mail ack ID'])
        expect(lines, `${agent.role}: ${needed}`).toContain(needed);
    }
  });

  it('carry to the deacon what its rounds are made of', () => {
    const lines = named(roleText(townAgent('deacon'))).map((line) => line.join(' '));
    for (const needed of [
      'deacon heartbeat starting rounds',
      'deacon heartbeat rounds complete',
      'mail inbox',
      'mail read ID',
      'mail ack ID',
      'status',
      'mayor start',
      'mayor stop',
      'witness start RIG',
      'mail send WHO -s WAKE -m Timer fired',
      'mail send --human -s ESCALATION: WHAT -m TEXT',
      'mail send deacon/ -s HANDOFF: BRIEF -m CONTEXT',
    ])
      expect(lines).toContain(needed);
  });

  it('are short: an agent reads them at every start and every compaction', () => {
    for (const agent of agents) expect(roleText(agent).length, agent.role).toBeLessThan(5000);
  });
});
