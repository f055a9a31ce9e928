/**
 * Labels as one `--labels` argument: `bd` reads it as one line of CSV, so a label with a comma or a quote in it is quoted.
 */
export function labelList(labels: readonly string[]): string {
  return labels.map((label) => `"${withoutNul(label).replaceAll('"', '""')}"`).join(',');
}

/** No argument can carry a NUL; a replacement character stands for it. */
export function withoutNul(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}
