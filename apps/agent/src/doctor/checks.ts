import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { DoctorCheck } from "@ws/rpc-contract";
import { diskRoom, isWsError, type Clock, type Disk, type RuntimeStatus } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { findLoose } from "../config/directory.ts";
import type { Exposed } from "../listening/exposure.ts";
import type { Services, Worker } from "../rpc/context.ts";
import type { State } from "../store/store.ts";
import { checkClock } from "./clock-check.ts";
import { endingsOf } from "./endings.ts";
import { checkCgroups, checkPart } from "./engine-checks.ts";
import { checkExpiry } from "./expiry-check.ts";
import { fine, type Check, type Finding } from "./finding.ts";
import { forgeHosts, neededNames } from "./known-hosts.ts";
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
    ["state", "State", () => checkState(options.state)],
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
  const found = await Promise.all(
    checks.map(async ([id, title, check]): Promise<DoctorCheck | undefined> => {
      try {
        const finding = await check();
        return finding === undefined ? undefined : { id, title, ...finding };
      } catch (error) {
        const { message } = error as Error;
        const next = isWsError(error) ? error.next : undefined;
        return { id, title, status: "fail" as const, message, ...(next === undefined ? {} : { next }) };
      }
    }),
  );
  return found.filter((check) => check !== undefined);
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

async function checkDisk(disk: Disk): Promise<Finding> {
  const { level, text } = diskRoom(await disk.free());
  const message = `${text}.`;
  if (level === "ample") return { status: "ok", message };
  const next = "Delete workspaces that are not needed, or free space.";
  return { status: level === "full" ? "fail" : "warn", message, next };
}

function checkState(state: State): Finding {
  const problems = state.problems();
  if (problems.length === 0) return fine("The state file is sound.");
  return {
    status: "fail",
    message: `The state file is damaged: ${problems[0]}.`,
    next: "Stop the agent, move state.db, state.db-wal and state.db-shm away, and put the state.db.vN.backup of the highest N in place of state.db.",
  };
}

function checkPermissions(configDir: string): Finding {
  const loose = findLoose(configDir);
  if (loose.length === 0) return fine(`${configDir} is private.`);
  const shown = loose.map(({ path, mode }) => `${path} (${mode.toString(8)})`).join(", ");
  return { status: "fail", message: `Others may use ${shown}.`, next: "Start the agent again; it repairs this." };
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

/** A watcher takes one instance, which all containers of one user share, and a watch for each directory. */
const LEAST_INSTANCES = 256;
const LEAST_WATCHES = 65_536;

export async function checkInotify(directory = "/proc/sys/fs/inotify"): Promise<Finding> {
  const limit = (name: string): Promise<string | undefined> =>
    readFile(`${directory}/${name}`, "utf8").catch(() => undefined);
  const found = await Promise.all([limit("max_user_instances"), limit("max_user_watches")]);
  const [instances, watches] = found.map((text) => (text === undefined ? Infinity : Number(text))) as [number, number];
  if (instances === Infinity) return fine("This system has no inotify limits.");
  const over = watches === Infinity ? "" : `, over ${watches} directories`;
  const message = `${instances} file watchers can run at once${over}.`;
  const raised = [
    ...(instances < LEAST_INSTANCES ? ["fs.inotify.max_user_instances=1024"] : []),
    ...(watches < LEAST_WATCHES ? ["fs.inotify.max_user_watches=524288"] : []),
  ];
  if (raised.length === 0) return { status: "ok", message };
  return { status: "warn", message, next: `Raise it: sysctl -w ${raised.join(" ")}.` };
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
