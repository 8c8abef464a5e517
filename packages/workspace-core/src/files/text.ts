import { WsError } from "../errors.ts";
import { excerpt } from "../names.ts";

/** What is read at once, and answered in one piece. */
export const TEXT_LIMIT = 1024 * 1024;
/** What can be edited: it is held whole. */
export const EDIT_LIMIT = 16 * 1024 * 1024;
/** What is looked at of a file to tell whether it is text. */
export const SNIFFED = 8 * 1024;

/** Text as it is, a byte order mark included; undefined for what is none. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (isBinary(bytes)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether the beginning of a file holds what no text does. */
export function isBinary(beginning: Uint8Array): boolean {
  return beginning.subarray(0, SNIFFED).includes(0);
}

/** Without the beginning of a character at its end that was cut off. */
export function wholeCharacters(bytes: Uint8Array): Uint8Array {
  let start = bytes.length - 1;
  while (start >= 0 && start > bytes.length - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  const lead = bytes[start] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start >= 0 && start + length > bytes.length ? bytes.subarray(0, start) : bytes;
}

export function tooLarge(path: string, size: number, limit: number, next: string): WsError<"file_too_large"> {
  const shown = excerpt(path);
  return new WsError("file_too_large", {
    message: `'${shown}' has ${size} bytes, more than the ${limit} that are taken at once.`,
    next,
    data: { path: shown, size, limit },
  });
}

export function binaryFile(path: string, size: number): WsError<"binary_file"> {
  const shown = excerpt(path);
  return new WsError("binary_file", {
    message: `'${shown}' is no text in UTF-8.`,
    next: "Take its bytes with 'ws file get', and replace it with 'ws file put'.",
    data: { path: shown, size },
  });
}
