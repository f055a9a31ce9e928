/**
 * A path as the instance of a unit, by systemd's own rules: `/` becomes `-`, whatever is not a letter, digit, `:`, `_` or
 * a dot within becomes `\xNN`, byte by byte (systemd-escape --path).
 */
export function escapePath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length === 0) return '-';
  return [...Buffer.from(parts.join('/'), 'utf8')]
    .map((byte, index) => {
      const char = String.fromCharCode(byte);
      if (char === '/') return '-';
      const plain = /[A-Za-z0-9:_]/.test(char) || (char === '.' && index > 0);
      return plain ? char : `\\x${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

/** The unit of a town: `gt-tick@home-you-gt.timer`. */
export function unitOf(town: string, kind: 'tick' | 'tmux', type: 'service' | 'timer' | 'path'): string {
  return `gt-${kind}@${escapePath(town)}.${type}`;
}
