import { crc32 } from 'node:zlib';

/**
 * A checksum of a text (CRC-32): tells a damaged file from a whole one. It proves nothing against somebody who means
 * harm; who can write our state can write a fitting checksum too.
 */
export function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
