#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { processIo } from "./io.ts";
import { run } from "./run.ts";

enableCompileCache();
// Set rather than exited with, so that what is still in the pipes gets out.
process.exitCode = await run(process.argv.slice(2), processIo());
