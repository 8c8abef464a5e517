import type { WorkerInfo } from "@ws/rpc-contract";
import { createInterface } from "node:readline/promises";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import type { Worker } from "../known-workers.ts";
import { knownTo, workersBehind } from "./behind.ts";

export const PLACES = ["device", "hub"] as const;

/** One that this device knows, or one behind the agent that commands are for; the latter has an id of its own where it is known to be there. */
export type Named = { place: "device"; worker: Worker } | { place: "hub"; worker: WorkerInfo | undefined };

/**
 * The worker of that name, or behind the agent of that id. Where both have one, `from` says which is meant, else whoever is at the terminal;
 * throws `usage` where nobody is.
 */
export async function findNamed(
  context: Context,
  name: string,
  { from, verb }: { from: (typeof PLACES)[number] | undefined; /** What is typed before `--from`. */ verb: string },
): Promise<Named> {
  const device = from === "hub" ? undefined : knownTo(context).all.find((worker) => worker.name === name);
  if (from === "device") {
    if (device !== undefined) return { place: "device", worker: device };
    throw unknownHere(name);
  }
  const behind = await workersBehind(context, device !== undefined);
  const there = behind?.workers.find((one) => one.name === name || one.id === name);
  if (device === undefined) return { place: "hub", worker: there };
  if (there === undefined) return { place: "device", worker: device };
  const both = `This device knows a worker '${name}', and one of that name dials out to '${behind?.via}'.`;
  return (await choose(context, both, verb)) === "device"
    ? { place: "device", worker: device }
    : { place: "hub", worker: there };
}

export function unknownHere(name: string): CliError {
  return new CliError("worker_not_found", `This device knows no worker '${name}'.`, {
    next: `See them: ws worker list. A new one: ws pair HOST. One behind another: ws --on ${name} COMMAND.`,
    exit: EXIT.notFound,
  });
}

async function choose({ io }: Context, both: string, verb: string): Promise<(typeof PLACES)[number]> {
  if (io.stdin.isTTY === true) {
    io.stderr.write(`${both}\n`);
    const prompt = createInterface({ input: io.stdin, output: io.stderr });
    try {
      const answer = (await prompt.question("Which one? [device/hub] ")).trim();
      const found = PLACES.find((place) => place === answer);
      if (found !== undefined) return found;
    } catch (error) {
      if ((error as { code?: string }).code !== "ABORT_ERR") throw error;
      io.stderr.write("\n");
      throw new CliError("interrupted", "Nothing was changed.", { exit: EXIT.interrupted, cause: error });
    } finally {
      prompt.close();
    }
  }
  throw new CliError("usage", both, {
    next: `Say which one: ws worker ${verb} --from device, or --from hub.`,
    exit: EXIT.usage,
  });
}
