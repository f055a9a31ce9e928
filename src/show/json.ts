/** One JSON document as `--json` prints it: two-space indentation, a newline at its end (spec/agents.md §0.3). */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
