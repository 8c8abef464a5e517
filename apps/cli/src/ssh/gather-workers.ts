import { connectAgent } from "../agent-connection.ts";
import type { Context } from "../context.ts";
import { toCliError } from "../errors.ts";
import { workersOf } from "../known-workers.ts";
import { targetOf, type Target } from "../target.ts";
import { printable } from "../output/printable.ts";
import { isWorkerName } from "../worker-name.ts";
import { reachWorker } from "./reach.ts";
import { requireSound, type SshWorker } from "./config-text.ts";
import { withoutImpostors } from "./impostors.ts";

/**
 * Tells this device's key to its own worker, and to every other that it reaches: those that it knows, and those behind its own. What is
 * out of reach, or says what cannot be, stays as it was known before. Throws where its own worker cannot be told, or says that.
 */
export async function gatherWorkers(context: Context, key: string, before: readonly SshWorker[]): Promise<SshWorker[]> {
  const { client, target } = await connectAgent(context.io, await reachWorker(context.io.env));
  const said = await client.ssh.setKey({ key });
  const own = requireSound({ id: said.worker, hostKey: said.hostKey });
  const others = new Map<string, Target>();
  // It may do more there than this one may know.
  const behind = await client.workers.list().catch(() => []);
  for (const { name, state } of behind) if (state === "online") others.set(name, { ...target, on: name });
  for (const worker of workersOf(context.io.env).all) others.set(worker.name, targetOf(worker));

  const told = await Promise.all(
    [...others]
      .filter(([name]) => isWorkerName(name))
      .map(async ([name, at]): Promise<SshWorker | undefined> => {
        try {
          const { worker: id, hostKey } = await (await connectAgent(context.io, at)).client.ssh.setKey({ key });
          return requireSound({ name, id, hostKey });
        } catch (error) {
          context.hint(`${name} is not set up anew for SSH: ${printable(toCliError(error).message)}`);
          return before.find((worker) => worker.name === name);
        }
      }),
  );
  return withoutImpostors(
    own,
    told.filter((worker) => worker !== undefined),
    { before, leftOut: (why) => context.hint(why) },
  );
}
