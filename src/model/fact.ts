/**
 * Something we asked the world. Either we know the answer, or we know why we do not.
 * An unknown fact never decides anything: it is neither "dead" nor "fine".
 */
export type Fact<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly reason: string };

export function known<T>(value: T): Fact<T> {
  return { known: true, value };
}

export function unknown(reason: string): { readonly known: false; readonly reason: string } {
  return { known: false, reason };
}
