import { concatBytes } from "../../bytes.ts";

export interface TarEntry {
  path: string;
  type: "file" | "directory" | "symlink";
  size: number;
  mode: number;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  /** Of a link. */
  target?: string;
}

const BLOCK = 512;
const FLAGS = { file: "0", directory: "5", symlink: "2" } as const;
/** What the fields of the header itself have room for. */
const LARGEST = 0o77777777777;
const LONGEST_NAME = 100;

const utf8 = new TextEncoder();

/** One entry's header, with an extended one before it (POSIX pax) for what does not fit. */
export function tarHeader(entry: TarEntry): Uint8Array {
  const { path, target = "", size } = entry;
  const records: [string, string][] = [];
  if (!fits(path)) records.push(["path", path]);
  if (!fits(target)) records.push(["linkpath", target]);
  if (size > LARGEST) records.push(["size", String(size)]);
  const plain = ustar(entry.path, FLAGS[entry.type], Math.min(size, LARGEST), entry.mode, entry.modifiedAt, target);
  if (records.length === 0) return plain;
  const extended = concatBytes(records.map(([key, value]) => paxRecord(key, value)));
  return concatBytes([ustar("pax", "x", extended.length, 0o644, 0, ""), extended, padding(extended.length), plain]);
}

/** What fills the last block of a content. */
export function padding(size: number): Uint8Array {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
}

function ustar(path: string, flag: string, size: number, mode: number, modifiedAt: number, target: string): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string, length: number): void => block.set(utf8.encode(text).subarray(0, length), at);
  const octal = (value: number, length: number): string => value.toString(8).padStart(length - 1, "0");
  put(0, path, LONGEST_NAME);
  put(100, octal(mode & 0o777, 8), 7);
  put(108, octal(0, 8), 7);
  put(116, octal(0, 8), 7);
  put(124, octal(size, 12), 11);
  put(136, octal(Math.min(Math.max(0, Math.floor(modifiedAt / 1_000)), LARGEST), 12), 11);
  put(148, "        ", 8);
  put(156, flag, 1);
  put(157, target, LONGEST_NAME);
  put(257, "ustar\u000000", 8);
  const sum = block.reduce((all, byte) => all + byte, 0);
  put(148, `${octal(sum, 7)}\u0000 `, 8);
  return block;
}

/** Its length counts its own digits. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = utf8.encode(` ${key}=${value}\n`);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return concatBytes([utf8.encode(String(length)), rest]);
}

/** In other bytes than ASCII a plain header means what the reader's locale says. */
function fits(text: string): boolean {
  return text.length <= LONGEST_NAME && /^[\x20-\x7e]*$/.test(text);
}
