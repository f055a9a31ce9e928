/**
 * Is JSON text nested deeper than `limit`? Millions of open brackets take the parser many seconds, so large files of others
 * are looked at first. Looks at bytes only: strings are skipped, everything else that is wrong is left to the parser.
 */
export function isNestedDeeper(json: Buffer, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (inString) {
      if (byte === 0x5c) index += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return false;
}
