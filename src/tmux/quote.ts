/**
 * One word for a tmux script, whatever it contains: between single quotes tmux expands nothing
 * (no `#{}`, `$X`, `~`, `;` or backslash). A newline or NUL cannot be part of a word and is refused.
 */
export function quote(word: string): string {
  if (/[\n\0]/.test(word))
    throw new RangeError(`a tmux word cannot contain a newline or NUL: ${JSON.stringify(word)}`);
  return plain.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Words that mean themselves without quotes; `%` and `~` first would not. */
const plain = /^[A-Za-z0-9_@=:./-][A-Za-z0-9_@=:./%-]*$/;

/** Text for a place where tmux expands formats, protected from it. Before a `[` tmux leaves every `#` as it is. */
export function literalFormat(text: string): string {
  return text.replace(/#+(?![#[])/g, (run) => run + run);
}
