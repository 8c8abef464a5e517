#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { EXIT } from "./errors.ts";
import { processIo } from "./io.ts";
import { run } from "./run.ts";

let ending = false;
enableCompileCache();
for (const stream of [process.stdout, process.stderr]) stream.on("error", endUnread);
// Set rather than exited with, so that what is still in the pipes gets out.
process.exitCode = await run(process.argv.slice(2), processIo());

/** Node does not end by SIGPIPE, as programs of a pipe do where `| head` has read enough. */
function endUnread(error: NodeJS.ErrnoException): void {
  // A terminal that was closed says EIO.
  if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  // An agent that nobody listens to goes the way of every other end.
  if (ending) return;
  ending = true;
  if (process.emit("SIGPIPE", "SIGPIPE") || process.emit("SIGTERM", "SIGTERM")) return;
  process.exit(EXIT.unread);
}
