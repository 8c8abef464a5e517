import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { DoctorCheck } from "@ws/rpc-contract";
import type { Clock, Disk, RuntimeStatus } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import type { Exposed } from "../listening/exposure.ts";
import type { Services, Worker } from "../rpc/context.ts";
import type { State } from "../store/store.ts";
import { checkClock } from "./clock-check.ts";
import { endingsOf } from "./endings.ts";
import { checkCgroups, checkPart } from "./engine-checks.ts";
import { checkExpiry } from "./expiry-check.ts";
import { examine } from "./examine.ts";
import { fine, type Check, type Finding } from "./finding.ts";
import { forgeHosts, neededNames } from "./known-hosts.ts";
import { checkDisk, checkInotify, checkPermissions, checkState } from "./machine-checks.ts";
import { checkNames } from "./names-check.ts";
import { checkService } from "./service-check.ts";
import type { Surroundings } from "./surroundings.ts";

export interface DoctorOptions {
  configDir: string;
  exposure: () => readonly Exposed[];
  disk: Disk;
  state: State;
  worker: () => Promise<Worker>;
  hub: Services["hub"];
  config: Config;
  clock: Pick<Clock, "now">;
  surroundings: Surroundings;
}

/** Looks at everything a workspace depends on; a check that itself fails is a failed check. */
export async function runDoctor(options: DoctorOptions, signal?: AbortSignal): Promise<DoctorCheck[]> {
  const { config, state, clock, surroundings } = options;
  const asked = options.worker().then(({ workspaces }) => workspaces.status());
  // That it does not answer is the first check's finding, and nobody else's.
  const known = asked.catch(() => undefined);
  const checks: Check[] = [
    ["runtime", "Runtime", async () => checkRuntime(await asked)],
    ["isolation", "Isolation", () => checkIsolation(options)],
    ["runc", "runc", async () => checkPart(await known, "runc")],
    ["docker", "Docker", async () => checkPart(await known, "docker")],
    ["cgroups", "Control groups", async () => checkCgroups(await known)],
    ["disk", "Disk", () => checkDisk(options.disk)],
    ["state", "State", () => checkState(options.state.problems())],
    ["permissions", "Permissions", () => checkPermissions(options.configDir)],
    ["listening", "Listening", () => checkListening(options.exposure())],
    ...(options.hub() === undefined ? [] : [["hub", "Hub", () => checkHub(options)] satisfies Check]),
    ["expiry", "Expiry", () => checkExpiry(endingsOf({ config, state, exposure: options.exposure() }), clock.now())],
    ["clock", "Clock", () => checkClocks(options, signal)],
    ["dns", "DNS", () => checkNames(neededNames(config, state.workspaces.list()), surroundings.lookup)],
    ["service", "Service", () => checkService(surroundings.service, options.configDir)],
    ["inotify", "File watching", () => checkInotify()],
    ["tmux", "Durable terminals", () => checkTool(options, "tmux", ["-V"], "terminals end with the agent", signal)],
    [
      "bubblewrap",
      "Sandbox",
      () => checkTool(options, "bwrap", ["--version"], "processes run without a sandbox", signal),
    ],
  ];
  return examine(checks);
}

function checkRuntime({ runtime, version }: RuntimeStatus): Finding {
  return fine(runtime === "docker" ? `Docker ${version} answers.` : "The local runtime is used.");
}

async function checkIsolation({ worker }: DoctorOptions): Promise<Finding> {
  const { isolation, remarks } = (await worker()).runtime();
  const read = remarks.length === 0 ? "" : "What is known of it: ws info.";
  if (isolation === "container") {
    const message = "Workspaces are containers";
    if (remarks.length === 0) return fine(`${message}.`);
    const count = remarks.length === 1 ? "one remark" : `${remarks.length} remarks`;
    return { status: "warn", message: `${message}, with ${count}.`, next: read };
  }
  const message =
    isolation === "sandbox"
      ? "Workspaces are sandboxes on this machine, not containers."
      : "Workspaces are not isolated: they can do what you can.";
  return { status: "warn", message, next: `For containers: apt-get install docker.io. ${read}`.trim() };
}

function checkListening(exposure: readonly Exposed[]): Finding {
  const beyond = exposure.filter(({ by }) => by !== "loopback");
  const pin = exposure.find((each) => each.pin !== undefined)?.pin;
  const key = pin === undefined ? "" : ` The pin of its key is ${pin}.`;
  if (beyond.length === 0) {
    const addresses = exposure.map(({ address }) => address).join(", ");
    return fine(`Only this machine reaches the agent (${addresses}).${key}`);
  }
  const message = beyond.map(({ address, port, by, letsIn }) => `${address}:${port} ${WAYS[by]} lets in ${letsIn}`);
  const open = beyond.find(({ by }) => by === "nothing");
  if (open === undefined) return fine(`${message.join("; ")}.${key}`);
  return {
    status: "warn",
    message: `The agent answers on ${open.address} without TLS: tokens cross the network readably.`,
    next: "Switch TLS on (ws config set tls.mode self) and take insecureListen back; or set host back to 127.0.0.1 and use 'ssh -L'.",
  };
}

const WAYS = {
  loopback: "on this machine",
  tailnet: "on the tailnet",
  tls: "by TLS",
  mtls: "by TLS",
  nothing: "readably",
} satisfies Record<Exposed["by"], string>;

/** The engine's own clock may be another machine's; a forge's is the one that tokens are judged by. */
async function checkClocks({ worker, config, clock, surroundings }: DoctorOptions, signal?: AbortSignal) {
  const { workspaces } = await worker();
  const forges = forgeHosts(config).map((host) => ({ name: host, read: () => surroundings.dateOf(host, signal) }));
  const engine = { name: "the engine", read: async () => (await workspaces.status()).time };
  return checkClock([engine, ...forges], () => clock.now());
}

function checkHub({ hub }: DoctorOptions): Finding {
  const { url, state } = hub() ?? {};
  if (state?.kind === "connected") return fine(`The hub ${url} reaches this worker.`);
  const problem = state !== undefined && "problem" in state ? ` ${state.problem}` : "";
  if (state?.kind !== "refused") {
    return {
      status: "warn",
      message: `The hub ${url} is not reached; it is tried again and again.${problem}`,
      next: "Check the address (ws config get hub.url) and that an agent answers there.",
    };
  }
  return {
    status: "fail",
    message: `The hub ${url} refuses this worker.${problem}`,
    next: "Make a token on the hub with 'ws worker add NAME', set hub.token to it, and start this agent again.",
  };
}

async function checkTool(
  { worker }: DoctorOptions,
  program: string,
  args: string[],
  without: string,
  signal?: AbortSignal,
): Promise<Finding> {
  if ((await worker()).runtime().runtime !== "local") return fine("Containers bring their own.");
  try {
    const { stdout } = await promisify(execFile)(program, args, signal === undefined ? {} : { signal });
    return fine(`${stdout.trim()} is installed.`);
  } catch {
    const name = program === "bwrap" ? "bubblewrap" : program;
    return {
      status: "warn",
      message: `${name} is not installed: ${without}.`,
      next: `Install it: apt-get install ${name}.`,
    };
  }
}
