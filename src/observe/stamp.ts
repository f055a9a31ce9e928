import { type Fact, known, unknown } from '../model/fact.ts';
import type { StampedIn } from '../model/snapshot.ts';
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
  const sign = readSign(file);
  return sign.known ? known(sign.value.at) : sign;
}

/** One such file: its stamp, and what else it says. What it says badly it does not say. */
export interface Sign {
  readonly at: number | null;
  /** The tmux pane whose process wrote it. */
  readonly pane: StampedIn | null;
  /** Until when whoever wrote it said it would wait. */
  readonly awaits: number | null;
}

const none: Sign = { at: null, pane: null, awaits: null };

/** {@link readStamp} with everything else such a file says. */
export function readSign(file: string): Fact<Sign> {
  const read = readFileBytes(file, LARGEST);
  switch (read.kind) {
    case 'absent':
      return known(none);
    case 'unreadable':
      return unknown(`${file} cannot be read: ${read.message}`);
    case 'too-big':
      return unknown(`${file} is too large (${read.size} bytes)`);
    case 'ok':
      return signIn(file, read.bytes.toString('utf8'));
  }
}

function signIn(file: string, text: string): Fact<Sign> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unknown(`${file} is not JSON`);
  }
  if (typeof value !== 'object' || value === null || !('timestamp' in value))
    return unknown(`${file} has no timestamp`);
  const stamp = parseInstant(value.timestamp);
  if (!stamp.known) return unknown(`${file}: its timestamp ${stamp.reason}`);
  return known({ at: stamp.value, pane: paneIn(value), awaits: awaitsIn(value) });
}

function paneIn(value: object): StampedIn | null {
  if (!('pane' in value && typeof value.pane === 'string' && /^%\d{1,9}$/.test(value.pane))) return null;
  if (!('tmux_server' in value && Number.isSafeInteger(value.tmux_server))) return null;
  return { pane: value.pane, server: Number(value.tmux_server) };
}

function awaitsIn(value: object): number | null {
  const until = 'await_until' in value ? parseInstant(value.await_until) : unknown('is not there');
  return until.known ? until.value : null;
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
