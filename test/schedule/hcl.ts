/** A block of HCL: its attributes as written, and the blocks in it by type and labels. */
export interface Block {
  readonly attributes: ReadonlyMap<string, string>;
  readonly blocks: ReadonlyMap<string, Block>;
}

/** Reads as much of HCL as a job specification has: blocks, one-line attributes, comments. Throws at anything else. */
export function parseHcl(text: string): Block {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const read = (inner: boolean): Block => {
    const attributes = new Map<string, string>();
    const blocks = new Map<string, Block>();
    for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
      if (line === '}' && inner) return { attributes, blocks };
      const [, opened] = /^(\w+(?: "[\w-]+")?) \{$/.exec(line) ?? [];
      const [, name, value] = /^(\w+) += (".*"|\[.*\]|\d+|true|false)$/.exec(line) ?? [];
      if (opened !== undefined) blocks.set(opened.replaceAll('"', ''), read(true));
      else if (name !== undefined && value !== undefined) attributes.set(name, value);
      else throw new Error(`not understood: ${line}`);
    }
    if (inner) throw new Error('a block is not closed');
    return { attributes, blocks };
  };
  return read(false);
}
