import type { Readable, Writable } from "node:stream";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { openToolServer, type ToolServerOptions } from "./server.ts";

export interface StdioOptions extends ToolServerOptions {
  stdin: Readable;
  /** For messages of the protocol and nothing else. */
  stdout: Writable;
  onError?: (error: Error) => void;
}

/** Serves one client over a pair of streams; resolves when it goes away. */
export function serveTools({ stdin, stdout, onError, ...options }: StdioOptions): Promise<void> {
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: MESSAGE_LIMIT });
  const ended = new Promise<void>((resolve) => void stdin.once("close", resolve).once("end", resolve));
  const handle = serveStdio(() => openToolServer(options), {
    transport,
    ...(onError === undefined ? {} : { onerror: onError }),
  });
  return ended.then(() => handle.close());
}

/** A file of 1 MiB, of which JSON may make six times as much. */
const MESSAGE_LIMIT = 8 * 1024 * 1024;
