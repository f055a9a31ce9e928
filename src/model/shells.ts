/** What a pane shows when an agent has left it to a person. */
export const shells = ['sh', 'bash', 'zsh', 'fish', 'tcsh', 'csh', 'ksh', 'dash', 'ash'] as const;

/** A login shell's name begins with a hyphen. */
export function isShell(command: string): boolean {
  const name = command.replace(/^-/, '');
  return shells.some((shell) => shell === name);
}
