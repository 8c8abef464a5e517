import { open } from "node:fs/promises";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { CliError, EXIT } from "./errors.ts";
import type { Io } from "./io.ts";

/** What is given as text in an argument: `@path` is a file of this machine, `-` standard input. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The bytes of `@path` or `-` as a stream; a plain text is what it is. */
export async function localStream(io: Io, given: string): Promise<Readable | string> {
  if (given === "-") return io.stdin;
  return given.startsWith("@") ? openLocal(io, given.slice(1)) : given;
}

/** A file of this machine, from where the command was given. Throws `usage` where it cannot be read. */
export async function openLocal(io: Io, path: string): Promise<Readable> {
  const file = await open(resolve(io.cwd, path)).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if ((await file.stat()).isDirectory()) {
    await file.close();
    throw unreadable(path, { code: "EISDIR" });
  }
  return file.createReadStream();
}

/** The text of `@path` or `-`, held whole; a plain text is what it is. */
export async function localText(io: Io, given: string): Promise<string> {
  const source = await localStream(io, given);
  if (typeof source === "string") return source;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of source) {
    parts.push(Buffer.from(part as Uint8Array));
    bytes += parts.at(-1)?.length ?? 0;
    if (bytes > MOST_BYTES)
      throw new CliError("usage", `'${given}' is larger than a text may be here.`, { exit: EXIT.usage });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
  } catch (error) {
    throw new CliError("usage", `'${given}' is no text in UTF-8.`, { exit: EXIT.usage, cause: error });
  }
}

function unreadable(path: string, cause: unknown): CliError {
  const { code } = cause as { code?: string };
  const why =
    { ENOENT: "it does not exist", EACCES: "it may not be read", EISDIR: "it is a directory" }[code ?? ""] ??
    String(code);
  return new CliError("usage", `'${path}' cannot be read: ${why}.`, { exit: EXIT.usage, cause });
}
