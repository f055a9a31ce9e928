/**
 * Text that somebody else wrote, safe to print: control characters, escape sequences and marks that turn the direction
 * of writing are shown as `�`; line ends and tabs stay.
 */
export function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
      '�',
    );
}

/** The same on one line of at most `most` characters. */
export function oneLine(text: string, most = 200): string {
  const line = printable(text.slice(0, most * 4))
    .replaceAll(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line;
}
