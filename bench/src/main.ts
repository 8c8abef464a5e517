import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { type Args, readArgs, USAGE, UsageError } from "./args.ts";
import { measureRows } from "./measure.ts";
import { createPeers } from "./peers.ts";
import { table } from "./report.ts";
import { rows } from "./rows/index.ts";
import { createWorkers } from "./worker/workers.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const names = rows.map(({ name }) => name);
  let args: Args;
  try {
    args = readArgs(argv, names);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (args.help) process.stdout.write(USAGE);
  else if (args.list) process.stdout.write(rows.map(({ name, title }) => `${name.padEnd(24)}${title}\n`).join(""));
  else return bench(args);
  return 0;
}

async function bench({ only, json }: Args): Promise<number> {
  const interrupted = new AbortController();
  // Heard more than once: the terminal sends Ctrl-C to the whole group, and what started us passes it on.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interrupted.abort());
  const { signal } = interrupted;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    await using cleanup = new AsyncDisposableStack();
    cleanup.defer(() => {
      if (signal.aborted) say("Everything that was made is removed.");
    });
    const peers = createPeers({ cleanup, run: randomBytes(6).toString("hex"), say, signal });
    const workers = createWorkers({ cleanup, requireEngine: peers.engine.require, git: peers.git, signal });
    const wanted = rows.filter(({ name, onDemand }) => (only.length > 0 ? only.includes(name) : !onDemand));
    const { results, left, failed } = await measureRows(wanted, { signal, workers, peers, say });
    if (results.length > 0) process.stdout.write(`${table(results)}\n`);
    for (const { name, reason } of left) say(`${name} is left out: ${reason}`);
    for (const { name, reason } of failed) say(`${name} could not be measured: ${reason}`);
    if (json !== undefined) await writeFile(json, `${JSON.stringify(results, null, 2)}\n`);
    return failed.length === 0 && results.every(({ holds }) => holds) ? 0 : 1;
  } catch (error) {
    if (signal.aborted) return 130;
    throw error;
  }
}
