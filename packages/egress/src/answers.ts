import { STATUS_CODES } from "node:http";

/** A whole answer of HTTP, after which the connection ends. */
export function answer(status: 502 | 503, text: string): string {
  const body = `${text}\n`;
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "connection: close",
    "content-type: text/plain; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}
