export type Words =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** `reason` is a sentence. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Splits a command line as a POSIX shell would, with quotes and backslashes, and refuses what only a shell could carry
 * out: agents are started without one.
 */
export function splitWords(line: string): Words {
  const words: string[] = [];
  let word: string | null = null;
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    if (char === ' ' || char === '\t') {
      if (word !== null) words.push(word);
      word = null;
    } else if (char === "'") {
      const end = line.indexOf("'", i + 1);
      if (end === -1) return refused("a quote (') is not closed");
      word = (word ?? '') + line.slice(i + 1, end);
      i = end;
    } else if (char === '"') {
      const quoted = untilQuote(line, i + 1);
      if (quoted === null)
        return refused('a quote (") is not closed, or contains something only a shell could fill in');
      word = (word ?? '') + quoted.text;
      i = quoted.end;
    } else if (char === '\\') {
      const next = line.charAt(i + 1);
      if (next === '') return refused('it ends in a backslash');
      word = (word ?? '') + next;
      i += 1;
    } else if (/[\u0000-\u001f\u007f]/.test(char)) {
      return refused('it contains a control character');
    } else if (/[|&;<>()$`*?[\]]/.test(char) || ((char === '~' || char === '#') && word === null)) {
      return refused(`${char} means something to a shell only; quote it if it is meant as it stands`);
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== null) words.push(word);
  if (words[0] !== undefined && /^[A-Za-z_][A-Za-z0-9_]*=/.test(words[0])) {
    return refused(
      'it begins with a variable; put variables into the env of the agent in settings/config.json',
    );
  }
  return words.length === 0 ? refused('it is empty') : { kind: 'words', words };
}

function untilQuote(line: string, from: number): { readonly text: string; readonly end: number } | null {
  let text = '';
  for (let i = from; i < line.length; i++) {
    const char = line.charAt(i);
    if (char === '"') return { text, end: i };
    if (char === '$' || char === '`' || /[\u0000-\u0008\u000a-\u001f\u007f]/.test(char)) return null;
    if (char === '\\' && /["\\$`]/.test(line.charAt(i + 1))) {
      i += 1;
      text += line.charAt(i);
    } else text += char;
  }
  return null;
}

function refused(why: string): Words {
  return { kind: 'refused', reason: `The command line cannot be used without a shell: ${why}.` };
}
