import { WsError } from "../../errors.ts";
import { excerpt } from "../../names.ts";

export interface TarredEntry {
  path: string;
  type: "file" | "directory" | "other";
  size: number;
  mode: number;
  /** To be read before the next entry is asked for, or left: then it is passed over. */
  content: AsyncIterable<Uint8Array>;
}

const BLOCK = 512;
/** Of a header's own extension: a name or two. */
const LONGEST_EXTENSION = 64 * 1024;

/** The entries of a tar, in order: plain, POSIX pax and GNU's long names. Throws `invalid_input` for what is none. */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarredEntry> {
  await using bytes = createReader(source);
  let extended: { path?: string; size?: number } = {};
  for (;;) {
    const header = await bytes.exactly(BLOCK, true);
    if (header === undefined || header.every((byte) => byte === 0)) return;
    requireSum(header);
    const flag = String.fromCharCode(header[156] || 48);
    const size = extended.size ?? number(header, 124, 12);
    if (flag === "x" || flag === "L" || flag === "g") {
      if (size > LONGEST_EXTENSION) throw broken("its names are too long");
      const content = (await bytes.exactly(size)) ?? new Uint8Array();
      await bytes.skip(rest(size));
      if (flag === "L") extended.path = text(content, 0, content.length);
      // What holds for the whole archive says nothing of paths.
      if (flag === "x") Object.assign(extended, readPax(content));
      continue;
    }
    const path = extended.path ?? named(header);
    extended = {};
    const type =
      flag === "0" || flag === "7" ? (path.endsWith("/") ? "directory" : "file") : flag === "5" ? "directory" : "other";
    const content = bytes.part(size);
    yield { path, type, size, mode: number(header, 100, 8) & 0o777, content };
    await content.pass();
    await bytes.skip(rest(size));
  }
}

function rest(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function named(header: Uint8Array): string {
  const isPosix = text(header, 257, 5) === "ustar";
  const prefix = isPosix ? text(header, 345, 155) : "";
  const name = text(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

function readPax(content: Uint8Array): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {};
  for (let at = 0; at < content.length;) {
    const blank = content.indexOf(0x20, at);
    const length = Number(text(content, at, Math.max(0, blank - at)));
    if (blank === -1 || !Number.isSafeInteger(length) || length <= 0 || at + length > content.length)
      throw broken("a name in it has no length");
    const record = new TextDecoder().decode(content.subarray(blank + 1, at + length - 1));
    const equals = record.indexOf("=");
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    if (key === "path") found.path = value;
    if (key === "size" && /^\d{1,15}$/.test(value)) found.size = Number(value);
    at += length;
  }
  return found;
}

function requireSum(header: Uint8Array): void {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  if (sum !== number(header, 148, 8)) throw broken("a header's checksum is wrong");
}

/** Octal, or big-endian where its first bit is set, as GNU writes what is larger. */
function number(header: Uint8Array, at: number, length: number): number {
  if (((header[at] ?? 0) & 0x80) !== 0) {
    let value = 0;
    for (const byte of header.subarray(at + 1, at + length)) value = value * 256 + byte;
    if (!Number.isSafeInteger(value)) throw broken("a file in it is too large");
    return value;
  }
  const digits = text(header, at, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw broken("a header holds no number where one should be");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}

function broken(why: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `This is no whole tar: ${excerpt(why)}.`,
    next: "Send a tar without compression, or one file after the other.",
    data: { field: "body" },
  });
}

function createReader(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();

  async function more(): Promise<boolean> {
    while (held.length === 0) {
      const next = await iterator.next();
      if (next.done === true) return false;
      held = next.value;
    }
    return true;
  }

  async function take(most: number): Promise<Uint8Array> {
    if (!(await more())) throw broken("it ends early");
    const taken = held.subarray(0, most);
    held = held.subarray(taken.length);
    return taken;
  }

  return {
    /** Undefined at the end, where there may be one. */
    async exactly(length: number, mayEnd = false): Promise<Uint8Array | undefined> {
      if (mayEnd && !(await more())) return undefined;
      const all = new Uint8Array(length);
      for (let at = 0; at < length;) {
        const taken = await take(length - at);
        all.set(taken, at);
        at += taken.length;
      }
      return all;
    },
    async skip(length: number): Promise<void> {
      for (let left = length; left > 0;) left -= (await take(left)).length;
    },
    part(size: number): AsyncIterable<Uint8Array> & { pass(): Promise<void> } {
      let left = size;
      const next = async (): Promise<Uint8Array | undefined> => {
        if (left === 0) return undefined;
        const taken = await take(left);
        left -= taken.length;
        return taken;
      };
      return {
        async *[Symbol.asyncIterator]() {
          for (let chunk = await next(); chunk !== undefined; chunk = await next()) yield chunk;
        },
        async pass() {
          while ((await next()) !== undefined);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await iterator.return?.();
    },
  };
}
