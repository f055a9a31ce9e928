/** A word as a shell must be given it: hints are there to be copied, and paths may contain anything. */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./~-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
