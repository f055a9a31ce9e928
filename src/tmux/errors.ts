/** What a tmux error text means. Whatever is not in the table is `unknown`, and unknown never means absent. */
export type TmuxError = 'no-server' | 'no-session' | 'duplicate' | 'server-exited' | 'unknown';

/**
 * Every wording we know (spec/tick.md §8.1; `no current target` is what a server without any session says).
 * Connecting can fail for other reasons than an absent server, so those two texts are spelled out.
 */
const wordings: readonly (readonly [RegExp, TmuxError])[] = [
  [/^no server running on .+$/, 'no-server'],
  [/^error connecting to .+ \((No such file or directory|Connection refused)\)$/, 'no-server'],
  [/^failed to connect to server$/, 'no-server'],
  [/^can't find (session|window|pane): .*$/, 'no-session'],
  [/^no such (session|window): .*$/, 'no-session'],
  [/^session not found(: .*)?$/, 'no-session'],
  [/^no current target$/, 'no-session'],
  [/^duplicate session: .*$/, 'duplicate'],
  [/^(server exited unexpectedly|lost server)$/, 'server-exited'],
];

/** Classifies standard error. Every line must mean the same, or the answer is `unknown`. */
export function classify(stderr: string): TmuxError {
  const kinds = new Set(stderr.split('\n').filter(isText).map(classifyLine));
  const [kind] = kinds;
  return kinds.size === 1 && kind !== undefined ? kind : 'unknown';
}

function classifyLine(line: string): TmuxError {
  const text = line.trim();
  return wordings.find(([wording]) => wording.test(text))?.[1] ?? 'unknown';
}

function isText(line: string): boolean {
  return line.trim() !== '';
}
