/** What a stand-in has in mind: everything its screen shows and its next key depends on. */
export interface Mind {
  readonly name: string;
  readonly said: readonly string[];
  readonly input: string;
  readonly dialog: boolean;
  readonly busy: boolean;
  readonly limited: boolean;
  /** Has no room left for a word more. */
  readonly full: boolean;
  /** Shows no life at all, though it reads and answers. */
  readonly mute: boolean;
  /** Reads nothing and shows no life any more. */
  readonly hung: boolean;
  /** Reads only after its window was resized. */
  readonly deaf: boolean;
  /** Refreshes its sign of life only when nudged. */
  readonly quiet: boolean;
  /** Enters that will be lost. */
  readonly swallow: number;
}

/** What follows from a key besides a changed mind. */
export type Deed =
  | { readonly kind: 'submitted'; readonly line: string }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'swallowed' }
  | { readonly kind: 'live' }
  /** A program started below the agent, as agents do. */
  | { readonly kind: 'run'; readonly line: string }
  | { readonly kind: 'compact' }
  | { readonly kind: 'exit'; readonly status: number };

export function newMind(name: string): Mind {
  const calm = { dialog: false, busy: false, hung: false, deaf: false, quiet: false };
  return { name, said: [], input: '', swallow: 0, limited: false, full: false, mute: false, ...calm };
}

/** One character arrives from the terminal. */
export function feel(mind: Mind, char: string): { readonly mind: Mind; readonly deeds: readonly Deed[] } {
  if (mind.dialog) {
    const deeds: Deed[] = [{ kind: 'key', key: char }];
    return {
      mind: /^[1-9]$/.test(char) ? { ...mind, dialog: false, said: [...mind.said, `chose ${char}`] } : mind,
      deeds,
    };
  }
  if (char === '\r') return enter(mind);
  if (char === '\x7f') return { mind: { ...mind, input: [...mind.input].slice(0, -1).join('') }, deeds: [] };
  if (char < ' ' && char !== '\n' && char !== '\t') return { mind, deeds: [{ kind: 'key', key: char }] };
  return { mind: { ...mind, input: mind.input + char }, deeds: [] };
}

function enter(mind: Mind): { readonly mind: Mind; readonly deeds: readonly Deed[] } {
  if (mind.swallow > 0)
    return { mind: { ...mind, swallow: mind.swallow - 1 }, deeds: [{ kind: 'swallowed' }] };
  const line = mind.input;
  const obeyed = obey({ ...mind, input: '', said: [...mind.said, `» ${line}`] }, line);
  return { mind: obeyed.mind, deeds: [{ kind: 'submitted', line }, ...obeyed.deeds] };
}

/** Does what a submitted line says; any other line is only echoed. */
export function obey(mind: Mind, line: string): { readonly mind: Mind; readonly deeds: readonly Deed[] } {
  const [word = '', rest = ''] = line.trim().split(/\s+(.*)/s);
  const become = (change: Partial<Mind>) => ({ mind: { ...mind, ...change }, deeds: [] });
  switch (word) {
    case 'exit':
      return { mind, deeds: [{ kind: 'exit', status: Number.parseInt(rest, 10) || 0 }] };
    case 'run':
      return { mind, deeds: [{ kind: 'run', line: rest }] };
    case 'compact':
      return { mind, deeds: [{ kind: 'compact' }] };
    case 'hang':
      return become({ hung: true });
    case 'dialog':
      return become({ dialog: true });
    case 'swallow':
      return become({ swallow: Number.parseInt(rest, 10) || 1 });
    case 'draft':
      return become({ input: rest });
    case 'quiet':
      return become({ quiet: true });
    case 'busy':
      return become({ busy: true });
    case 'limit':
      return become({ limited: true });
    case 'full':
      return become({ full: true });
    case 'mute':
      return become({ mute: true });
    case 'deaf':
      return become({ deaf: true });
    case 'idle':
      return become({ busy: false, limited: false, full: false, mute: false, quiet: false, deaf: false });
    default:
      return { mind, deeds: word === 'HEARTBEAT:' || word === 'HEALTH_CHECK:' ? [{ kind: 'live' }] : [] };
  }
}
