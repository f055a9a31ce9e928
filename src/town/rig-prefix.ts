/**
 * The prefix of a rig's work items where none is given (spec/agents.md §3.12): the initials of a name of several parts,
 * else a name of up to three letters itself, else its first two letters; a letter more as long as another rig has it.
 */
export function defaultPrefix(name: string, taken: ReadonlySet<string>): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const parts = name
    .toLowerCase()
    .split(/[_-]+/)
    .filter((part) => part !== '');
  const first =
    parts.length > 1
      ? parts.map((part) => part.charAt(0)).join('')
      : plain.length <= 3
        ? plain
        : plain.slice(0, 2);
  const candidates = [
    first,
    ...Array.from({ length: plain.length }, (_, index) => plain.slice(0, index + 1)).filter(
      (text) => text.length > first.length,
    ),
  ];
  const usable = candidates.find((candidate) => isPrefix(candidate) && !taken.has(candidate));
  if (usable !== undefined) return usable;
  for (let number = 2; ; number++) {
    const numbered = `r${first.slice(0, 8)}${number}`;
    if (!taken.has(numbered)) return numbered;
  }
}

/** Letters and digits, beginning with a letter, at most sixteen. */
export function isPrefix(text: string): boolean {
  return /^[a-z][a-z0-9]{0,15}$/.test(text);
}
