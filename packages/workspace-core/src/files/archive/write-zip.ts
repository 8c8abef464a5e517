import type { ConfinedFiles } from "../../confined.ts";
import { WsError } from "../../errors.ts";
import { archived } from "./archived.ts";
import { crc32 } from "./crc32.ts";

/** What the format without its extension has room for. */
const MOST_ENTRIES = 0xfffe;
const MOST_BYTES = 0xfffffffe;

interface Written {
  name: Uint8Array;
  crc: number;
  packed: number;
  size: number;
  at: number;
  time: number;
  mode: number;
}

/**
 * A directory as a zip: files and directories, without links and what the policy hides. The stream fails with `file_too_large` beyond
 * 65,534 entries or 4 GiB, which a tar has room for.
 */
export async function* writeZip(files: ConfinedFiles, root: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let at = 0;
  function* put(bytes: Uint8Array): Generator<Uint8Array> {
    at += bytes.length;
    if (at > MOST_BYTES || written.length > MOST_ENTRIES) throw full(root, at);
    yield bytes;
  }

  for await (const { path, entry, file } of archived(files, root, signal)) {
    const isDirectory = entry.type === "directory";
    if (!isDirectory && file === undefined) continue;
    const name = new TextEncoder().encode(isDirectory ? `${path}/` : path);
    const told: Written = {
      name,
      crc: 0,
      packed: 0,
      size: 0,
      at,
      time: dosTime(entry.modifiedAt),
      mode: entry.mode | (isDirectory ? 0o40000 : 0o100000),
    };
    if (file === undefined) {
      yield* put(localHeader(told, false));
      written.push(told);
      continue;
    }
    yield* put(localHeader(told, true));
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of file.content) {
        told.crc = crc32(chunk, told.crc);
        told.size += chunk.length;
        yield chunk;
      }
    };
    for await (const chunk of deflated(counted())) {
      told.packed += chunk.length;
      yield* put(chunk);
    }
    yield* put(descriptor(told));
    written.push(told);
  }
  const start = at;
  for (const told of written) yield* put(centralHeader(told));
  yield* put(endOfDirectory(written.length, at - start, start));
}

async function* deflated(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = new CompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  const feeding = (async () => {
    for await (const chunk of source) await writer.write(chunk as Uint8Array<ArrayBuffer>);
    await writer.close();
  })();
  // It is waited for below; until then its failure reaches the reader as the stream's.
  feeding.catch((error: unknown) => writer.abort(error).catch(() => undefined));
  const reader = stream.readable.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
    await feeding;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Names in UTF-8, and, for what is a stream, checksum and sizes behind the content. */
const FLAGS = 0x0800;
const STREAMED = 0x0808;

function localHeader({ name, time }: Written, streamed: boolean): Uint8Array {
  return record(30, name, (view) => {
    view.setUint32(0, 0x04034b50, true);
    view.setUint16(4, 20, true);
    view.setUint16(6, streamed ? STREAMED : FLAGS, true);
    view.setUint16(8, streamed ? 8 : 0, true);
    view.setUint32(10, time, true);
    view.setUint16(26, name.length, true);
  });
}

function descriptor({ crc, packed, size }: Written): Uint8Array {
  return record(16, new Uint8Array(), (view) => {
    view.setUint32(0, 0x08074b50, true);
    view.setUint32(4, crc, true);
    view.setUint32(8, packed, true);
    view.setUint32(12, size, true);
  });
}

function centralHeader({ name, crc, packed, size, at, time, mode }: Written): Uint8Array {
  const isDirectory = name.at(-1) === 0x2f;
  return record(46, name, (view) => {
    view.setUint32(0, 0x02014b50, true);
    // Made by a system whose permission bits are in the attributes.
    view.setUint16(4, (3 << 8) | 20, true);
    view.setUint16(6, 20, true);
    view.setUint16(8, isDirectory ? FLAGS : STREAMED, true);
    view.setUint16(10, isDirectory ? 0 : 8, true);
    view.setUint32(12, time, true);
    view.setUint32(16, crc, true);
    view.setUint32(20, packed, true);
    view.setUint32(24, size, true);
    view.setUint16(28, name.length, true);
    view.setUint32(38, ((mode & 0xffff) << 16) >>> 0, true);
    view.setUint32(42, at, true);
  });
}

function endOfDirectory(count: number, length: number, start: number): Uint8Array {
  return record(22, new Uint8Array(), (view) => {
    view.setUint32(0, 0x06054b50, true);
    view.setUint16(8, count, true);
    view.setUint16(10, count, true);
    view.setUint32(12, length, true);
    view.setUint32(16, start, true);
  });
}

function record(length: number, name: Uint8Array, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length + name.length);
  fill(new DataView(bytes.buffer));
  bytes.set(name, length);
  return bytes;
}

/** In UTC, since 1980, to two seconds. */
function dosTime(modifiedAt: number): number {
  const date = new Date(Math.max(modifiedAt, Date.UTC(1980, 0, 1)));
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

function full(path: string, size: number): WsError<"file_too_large"> {
  return new WsError("file_too_large", {
    message: `'${path === "" ? "." : path}' is too large for a zip.`,
    next: "Take it as a tar: --format tar.",
    data: { path, size, limit: MOST_BYTES },
  });
}
