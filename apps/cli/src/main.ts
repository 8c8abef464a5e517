#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { getSystemErrorMessage } from "node:util";
import { CliError, EXIT, printError } from "./errors.ts";
import { processIo } from "./io.ts";
import { run, wantsJson } from "./run.ts";

const argv = process.argv.slice(2);
const io = processIo();
let ending = false;
let failed = false;
enableCompileCache();
for (const stream of [process.stdout, process.stderr]) stream.on("error", endUnwritten);
const code = await run(argv, io);
// Set rather than exited with, so that what is still in the pipes gets out.
process.exitCode = failed ? EXIT.failed : code;

/** Node does not end by SIGPIPE, as programs of a pipe do where `| head` has read enough. */
function endUnwritten(error: NodeJS.ErrnoException): void {
  if (ending) return;
  ending = true;
  // A terminal that was closed says EIO.
  failed = error.code !== "EPIPE" && error.code !== "EIO";
  if (failed) printError(io, unwritable(error), wantsJson(argv));
  // An agent that nobody listens to goes the way of every other end.
  if (process.emit("SIGPIPE", "SIGPIPE") || process.emit("SIGTERM", "SIGTERM")) return;
  process.exit(failed ? EXIT.failed : EXIT.unread);
}

function unwritable(error: NodeJS.ErrnoException): CliError {
  const reason = error.errno === undefined ? error.message : getSystemErrorMessage(error.errno);
  return new CliError("output_failed", `What it printed could not be written: ${reason}.`, {
    next: "Make room there, or write it to another place.",
    cause: error,
  });
}
