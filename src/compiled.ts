import { readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** A file of ours, ready to run: compiled when `gt` was built, where that still fits, and compiled now where not. */
export interface Compiled {
  readonly source: Buffer;
  readonly script: Script;
}

const checksBytes = 8;

const { extensions, cache } = createRequire(process.execPath);

/**
 * From here on the files of the build are not compiled anew each time: half of what a due heartbeat costs is that.
 * Beside `x.cjs` stands `x.v8`, V8's own code for it. It is used only if it belongs to these very bytes and is whole,
 * since V8 does not look and a damaged one would bring Node down; another version of V8 refuses it by itself. Whatever
 * is wrong with it, the file runs all the same. `note` is told of every file, for the build.
 */
export function useCompiled(note?: (filename: string, compiled: Compiled) => void): void {
  extensions['.cjs'] ??= (module, filename) => {
    const compiled = compile(filename);
    note?.(filename, compiled);
    run(compiled, module, filename);
  };
}

/** Reads a file of the build. It is plain ASCII: the build sees to it, so that V8 needs one byte a character. */
export function compile(filename: string): Compiled {
  const source = readFileSync(filename);
  const cachedData = compiledCode(filename, source);
  const wrapped = `(function (exports, require, module, __filename, __dirname) { ${source.toString('latin1')}\n})`;
  return { source, script: new Script(wrapped, { filename, ...(cachedData && { cachedData }) }) };
}

function run({ script }: Compiled, module: NodeJS.Module, filename: string): void {
  const directory = filename.slice(0, filename.lastIndexOf('/'));
  const required = (id: string): unknown =>
    id.startsWith('./') ? beside(`${directory}${id.slice(1)}`) : module.require(id);
  script.runInThisContext().call(module.exports, module.exports, required, module, filename, directory);
}

/** A file of the build beside another one: known by its path, which Node would look for on the disk in seven steps. */
function beside(filename: string): unknown {
  const known = cache[filename];
  if (known !== undefined) return known.exports;
  const module = new Module(filename);
  cache[filename] = module;
  try {
    extensions['.cjs']?.(module, filename);
    module.loaded = true;
    return module.exports;
  } catch (error) {
    delete cache[filename];
    throw error;
  }
}

/** Where the code of a file stands, and what stands there: checksums of code and source, then the code. */
export function compiledFileOf(filename: string): string {
  return filename.replace(/\.cjs$/, '.v8');
}

export function checked(code: Buffer, source: Buffer): Buffer {
  const checks = Buffer.alloc(checksBytes);
  checks.writeUInt32LE(crc32(code), 0);
  checks.writeUInt32LE(crc32(source), 4);
  return Buffer.concat([checks, code]);
}

function compiledCode(filename: string, source: Buffer): Buffer | undefined {
  try {
    const bytes = readFileSync(compiledFileOf(filename));
    const code = bytes.subarray(checksBytes);
    return bytes.readUInt32LE(0) === crc32(code) && bytes.readUInt32LE(4) === crc32(source)
      ? code
      : undefined;
  } catch {
    return undefined;
  }
}
