import { type Fact, known, unknown } from '../model/fact.ts';
import { readFileBytes } from '../persist/read-file.ts';

/** The files that agents stamp are a few hundred bytes; more is something else. */
const LARGEST = 64 * 1024;

const rfc3339 = /^(\d{4})-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/**
 * The `timestamp` of a small JSON file that an agent or a command rewrites at any moment (spec/tick.md §2.6, §2.7),
 * in milliseconds since 1970. Null: there is no file, or its stamp is year 1, Go's word for "never".
 * Unknown: the file is there and says nothing usable; it may just be half-written.
 */
export function readStamp(file: string): Fact<number | null> {
  const read = readFileBytes(file, LARGEST);
  switch (read.kind) {
    case 'absent':
      return known(null);
    case 'unreadable':
      return unknown(`${file} cannot be read: ${read.message}`);
    case 'too-big':
      return unknown(`${file} is too large (${read.size} bytes)`);
    case 'ok':
      return stampIn(file, read.bytes.toString('utf8'));
  }
}

function stampIn(file: string, text: string): Fact<number | null> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unknown(`${file} is not JSON`);
  }
  if (typeof value !== 'object' || value === null || !('timestamp' in value))
    return unknown(`${file} has no timestamp`);
  const stamp = parseInstant(value.timestamp);
  return stamp.known ? stamp : unknown(`${file}: its timestamp ${stamp.reason}`);
}

/** Reads an RFC 3339 time with any number of fractional digits; year 1 and before are null, "never". */
export function parseInstant(text: unknown): Fact<number | null> {
  const match = typeof text === 'string' ? rfc3339.exec(text) : null;
  if (typeof text !== 'string' || match === null) return unknown('is no RFC 3339 time');
  if (Number(match[1]) <= 1) return known(null);
  const ms = Date.parse(
    text
      .replace(' ', 'T')
      .replace(/(\.\d{3})\d+/, '$1')
      .toUpperCase(),
  );
  return Number.isNaN(ms) ? unknown('is no time that exists') : known(ms);
}
