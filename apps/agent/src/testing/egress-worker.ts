import type { LookupAddress } from "node:dns";
import { networkInterfaces } from "node:os";
import { createEgress } from "@ws/egress";
import { reachOf } from "@ws/git-provider";
import type { AgentClient } from "@ws/rpc-contract/client";
import { createFindAddresses } from "../egress/find-addresses.ts";
import { createAdapters, type AdapterOptions, type Adapters } from "../runtimes/adapters.ts";
import { dockerRuntime } from "./terminal-place.ts";
import { startTestAgent, type TestAgent } from "./test-agent.ts";

/** A worker on the real engine, with an open workspace in the place of the internet. */
export interface EgressWorker extends AsyncDisposable {
  agent: TestAgent;
  client: AgentClient;
  /** Where names are, as the worker's resolver says; each is asked for anew. */
  names: Map<string, string>;
  /** The address of the open workspace `internet`. */
  internet: string;
  /** What a shell script prints in a workspace, and how it ended. */
  run(name: string, script: string): Promise<{ stdout: string; stderr: string; exitCode: number }>;
}

/** Where the open workspace answers HTTP with what lies in its directory `www`. */
export const STAND_IN_PORT = 18_080;

/** `adapt` may change what the agent stands on. */
export async function startEgressWorker(
  adapt: (adapters: Adapters) => Adapters = (same) => same,
): Promise<EgressWorker> {
  const names = new Map<string, string>();
  let instance = "";
  await using starting = new AsyncDisposableStack();
  const agent = starting.use(
    await startTestAgent({
      env: { ...process.env, WS_RUNTIME: "docker", WS_EGRESS_PRESETS: "models" },
      adapters(options) {
        ({ instance } = options);
        return adapt({ ...createAdapters(options), egress: async () => egressWith(names, options) });
      },
    }),
  );
  const client = agent.local;
  starting.defer(async () => {
    for (const { name } of await client.workspaces.list()) await client.workspaces.delete({ name, force: true });
    await dockerRuntime(instance).teardown();
  });
  const run: EgressWorker["run"] = (name, script) => client.workspaces.exec({ name, command: script, timeout: 60_000 });
  await client.workspaces.create({ name: "internet" });
  await serve(run);
  const { stdout } = await run("internet", "hostname -i");
  const started = starting.move();
  return {
    agent,
    client,
    names,
    internet: stdout.trim(),
    run,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

async function serve(run: EgressWorker["run"]): Promise<void> {
  const server = `mkdir -p ~/www && cd ~/www && echo 'from the internet' > index.html &&
    (setsid python3 -m http.server ${STAND_IN_PORT} > /dev/null 2>&1 &) &&
    curl --silent --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:${STAND_IN_PORT}/`;
  const { exitCode, stderr } = await run("internet", server);
  if (exitCode !== 0) throw new Error(`the stand-in for the internet does not answer: ${stderr}`);
}

async function egressWith(names: ReadonlyMap<string, string>, { clock, log }: AdapterOptions) {
  const lookup = async (host: string): Promise<LookupAddress[]> => {
    const address = names.get(host);
    if (address === undefined) throw Object.assign(new Error(host), { code: "ENOTFOUND" });
    return [{ address, family: address.includes(":") ? 6 : 4 }];
  };
  const own = (): string[] =>
    Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
  return createEgress({ addresses: createFindAddresses({ lookup, clock, reachOf, own }), clock, log });
}
