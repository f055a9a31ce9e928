import type { ScreenKind } from '../../src/agents/screen.ts';

/** Screens as agents show them, drawn by us. Each names what it shows, and how it must be read. */
export interface Capture {
  readonly name: string;
  readonly kind: ScreenKind;
  readonly screen: string;
  readonly composer?: string | null;
}

export const claude = {
  composer: ['❯', '>'],
  busy: ['esc to interrupt'],
  context: ['context limit reached', 'context low (0% remaining)'],
};

const rule = '─'.repeat(60);
const faint = (text: string) => `\x1b[2m${text}\x1b[22m`;
const framed = (
  composer: string,
  above = '● I looked at both workers.',
  below = '  ⏵⏵ bypass permissions on (shift+tab to cycle)',
) => `${above}\n\n${rule}\n${composer}\n${rule}\n${below}\n\n\n`;

export const captures: readonly Capture[] = [
  { name: 'an empty composer between two rules', kind: 'empty-composer', composer: '', screen: framed('❯ ') },
  {
    name: 'a prompt followed by a no-break space',
    kind: 'empty-composer',
    composer: '',
    screen: framed('❯\u00a0'),
  },
  {
    name: 'a bare prompt with nothing around it',
    kind: 'empty-composer',
    composer: '',
    screen: 'stand-in deacon\n\n❯ ',
  },
  {
    name: 'a composer in a drawn box',
    kind: 'empty-composer',
    composer: '',
    screen: `done\n╭${rule}╮\n│ >                        │\n╰${rule}╯\n  ? for shortcuts\n`,
  },
  {
    name: 'a box drawn with the line-drawing character set',
    kind: 'empty-composer',
    composer: '',
    screen: `done\n\x0elqqqqqqqqk\x0f\n\x0ex\x0f >      \x0ex\x0f\n\x0emqqqqqqqqj\x0f\n`,
  },
  {
    name: 'a faint suggestion in the composer',
    kind: 'empty-composer',
    composer: '',
    screen: framed(`❯ ${faint('Try "fix the failing test"')}`),
  },
  {
    name: 'a faint suggestion with the cursor upon its first letter',
    kind: 'empty-composer',
    composer: '',
    screen: framed(`❯ \x1b[7mT\x1b[0;2mry "explain this file"\x1b[0m`),
  },
  {
    name: 'a suggestion written after colours that contain a 2',
    kind: 'draft',
    composer: 'mine',
    screen: framed(`\x1b[38;5;2m❯\x1b[39m \x1b[38;2;2;2;2mmine\x1b[39m`),
  },
  {
    name: 'an old question above an empty composer',
    kind: 'empty-composer',
    composer: '',
    screen: framed(
      '❯ ',
      'Do you want to make this edit?\n❯ 1. Yes\n  2. No\n\n● Edited the file.\n● All tests pass.\n● Done.\n● Waiting.',
    ),
  },
  {
    name: 'a limit that is only near',
    kind: 'empty-composer',
    composer: '',
    screen: framed('❯ ', 'ok', '  Approaching usage limit · resets at 7pm'),
  },
  { name: 'a draft after a no-break space', kind: 'draft', composer: 'half', screen: framed('❯\u00a0half') },
  { name: 'a draft', kind: 'draft', composer: 'please look at the', screen: framed('❯ please look at the') },
  {
    name: 'a draft of several lines',
    kind: 'draft',
    composer: 'first\n  second\n\n  fourth',
    screen: framed('❯ first\n  second\n\n  fourth'),
  },
  {
    name: 'a draft in a drawn box',
    kind: 'draft',
    composer: 'half a sen',
    screen: `╭${rule}╮\n│ > half a sen             │\n╰${rule}╯\n  ? for shortcuts\n`,
  },
  {
    name: 'a draft with a faint ending',
    kind: 'draft',
    composer: 'fix',
    screen: framed(`❯ fix${faint(' the tests')}`),
  },
  {
    name: 'a draft while the agent works',
    kind: 'draft',
    composer: 'and then',
    screen: framed('❯ and then', '✻ Thinking… (12s · esc to interrupt)'),
  },
  {
    name: 'a draft that speaks of interrupting',
    kind: 'draft',
    composer: 'press esc to interrupt it',
    screen: framed('❯ press esc to interrupt it'),
  },
  {
    name: 'a working agent with an empty composer',
    kind: 'busy',
    composer: '',
    screen: framed('❯ ', '✻ Thinking… (12s · esc to interrupt)'),
  },
  {
    name: 'a working agent that says so below its composer',
    kind: 'busy',
    composer: '',
    screen: framed('❯ ', 'ok', '  ⏵⏵ bypass permissions on · esc to interrupt'),
  },
  {
    name: 'a working agent without a composer',
    kind: 'busy',
    composer: null,
    screen: '\n● Reading 3 files…\n  (4s · esc to interrupt)\n',
  },
  {
    name: 'a permission dialog',
    kind: 'dialog',
    screen: `╭${rule}╮\n│ Bash command                     │\n│   rm -r build                    │\n│ Do you want to proceed?          │\n│ ❯ 1. Yes                         │\n│   2. No, tell it what to do      │\n╰${rule}╯\n`,
  },
  {
    name: 'a permission dialog with the pointer on the last choice',
    kind: 'dialog',
    screen:
      'Do you want to make this edit to a.ts?\n  1. Yes\n  2. Yes, and do not ask again\n❯ 3. No\n\n  Esc to cancel\n',
  },
  {
    name: 'a trust dialog that preselects leaving',
    kind: 'dialog',
    screen:
      'Do you trust the files in this folder?\n\n  /srv/town/proj\n\n  1. Yes, proceed\n❯ 2. No, exit\n\n  Enter to confirm · Esc to exit\n',
  },
  {
    name: 'a quick safety check without numbers',
    kind: 'dialog',
    screen:
      'Quick safety check: is this a project you created or one you trust?\n\n  Yes, I trust this folder\n  No, exit\n',
  },
  {
    name: 'the warning before bypassing permissions',
    kind: 'dialog',
    screen:
      'WARNING: running in Bypass Permissions mode\n\n❯ 1. No, exit\n  2. Yes, I accept\n\nEnter to confirm · Esc to exit\n',
  },
  {
    name: 'the rewind list',
    kind: 'dialog',
    screen:
      'Rewind\n\nRestore the code and the conversation to before…\n\n  hello\n❯ (current)\n\n  Enter to continue · Esc to exit\n',
  },
  {
    name: 'an unknown numbered menu',
    kind: 'dialog',
    screen: 'Pick a colour\n\n › 1. red\n   2. green\n   3. blue\n',
  },
  { name: 'a yes-or-no question of a program', kind: 'dialog', screen: 'Overwrite settings? [y/N] ' },
  {
    name: 'a question below an empty prompt',
    kind: 'dialog',
    screen: '❯ \n\nDo you want to proceed?\n  1. Yes\n  2. No\n',
  },
  {
    name: 'a reached limit above the composer',
    kind: 'limit',
    composer: '',
    screen: framed('❯ ', "You've hit your limit · resets 5pm (Europe/Berlin)"),
  },
  {
    name: 'a full context above the composer, which is no usage limit',
    kind: 'context',
    screen: framed('❯ ', '  ⎿  Context limit reached · /compact or /clear to continue'),
  },
  {
    name: 'a full context at the foot of the screen, whatever was begun in the composer',
    kind: 'context',
    composer: 'and then',
    screen: framed(
      '❯ and then',
      'ok',
      '      Context low (0% remaining) · Run /compact to compact & continue',
    ),
  },
  {
    name: 'a context that is only nearly full',
    kind: 'empty-composer',
    screen: framed('❯ ', 'ok', '      Context low (10% remaining) · Run /compact to compact & continue'),
  },
  {
    name: 'an agent that works in spite of a full context',
    kind: 'busy',
    screen: framed('❯ ', 'Context limit reached\n✻ Compacting… (esc to interrupt)'),
  },
  {
    name: 'a full context that has scrolled up',
    kind: 'empty-composer',
    screen: framed('❯ ', 'Context limit reached\nCompacted.\nI go on.\nDone.\nAll is well.'),
  },
  { name: 'a session limit', kind: 'limit', screen: framed('❯ ', 'Session limit reached ∙ resets 3:30am') },
  {
    name: 'the menu of choices at a limit',
    kind: 'limit',
    screen:
      '> /rate-limit-options\n\nWhat do you want to do?\n❯ 1. Stop and wait for limit to reset\n  2. Upgrade\n\nEnter to confirm · Esc to cancel\n',
  },
  {
    name: 'no login, said beside the composer',
    kind: 'login',
    screen: framed('❯ ', 'ok', '  Not logged in · Run /login'),
  },
  {
    name: 'the choice of a login method',
    kind: 'login',
    screen: 'Select login method:\n\n❯ 1. Account with subscription\n  2. Console account\n',
  },
  {
    name: 'a pasted code being awaited',
    kind: 'login',
    screen: 'Browser did not open? Use the address below\n\nPaste code here if prompted > \n',
  },
  {
    name: 'a prompt that scrolled far up',
    kind: 'unreadable',
    composer: null,
    screen: `❯ \n${Array.from({ length: 9 }, (_, line) => `output ${line}`).join('\n\n')}\n`,
  },
  { name: 'a shell', kind: 'shell', composer: null, screen: 'logout\nroot@host:/srv/town# ' },
  { name: 'a shell with a dollar', kind: 'shell', composer: null, screen: 'user@host:~/gt$ ' },
  { name: 'a blank screen', kind: 'unreadable', composer: null, screen: '\n\n\n\n' },
  { name: 'an unknown program', kind: 'unreadable', composer: null, screen: 'Loading model… 34 %\n' },
];
