import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { DoctorCheck } from "@ws/rpc-contract";
import { diskRoom, isWsError, type Disk } from "@ws/workspace-core";
import { findLoose } from "../config/directory.ts";
import { isLoopback } from "../http/listen.ts";
import type { Worker } from "../rpc/context.ts";
import type { State } from "../store/store.ts";

export interface DoctorOptions {
  configDir: string;
  host: string;
  disk: Disk;
  state: State;
  worker: () => Promise<Worker>;
}

/** Looks at everything a workspace depends on; a check that itself fails is a failed check. */
export async function runDoctor(options: DoctorOptions, signal?: AbortSignal): Promise<DoctorCheck[]> {
  const checks: [string, string, () => Promise<Finding> | Finding][] = [
    ["runtime", "Runtime", () => checkRuntime(options)],
    ["isolation", "Isolation", () => checkIsolation(options)],
    ["disk", "Disk", () => checkDisk(options.disk)],
    ["state", "State", () => checkState(options.state)],
    ["permissions", "Permissions", () => checkPermissions(options.configDir)],
    ["listening", "Listening", () => checkListening(options.host)],
    ["inotify", "File watching", checkInotify],
    ["tmux", "Durable terminals", () => checkTool(options, "tmux", ["-V"], "terminals end with the agent", signal)],
    [
      "bubblewrap",
      "Sandbox",
      () => checkTool(options, "bwrap", ["--version"], "processes run without a sandbox", signal),
    ],
  ];
  return Promise.all(
    checks.map(async ([id, title, check]) => {
      try {
        return { id, title, ...(await check()) };
      } catch (error) {
        const { message } = error as Error;
        const next = isWsError(error) ? error.next : undefined;
        return { id, title, status: "fail" as const, message, ...(next === undefined ? {} : { next }) };
      }
    }),
  );
}

type Finding = Pick<DoctorCheck, "status" | "message" | "next">;

async function checkRuntime({ worker }: DoctorOptions): Promise<Finding> {
  const { workspaces } = await worker();
  const { runtime, version } = await workspaces.status();
  return { status: "ok", message: runtime === "docker" ? `Docker ${version} answers.` : "The local runtime is used." };
}

async function checkIsolation({ worker }: DoctorOptions): Promise<Finding> {
  const { isolation, remarks } = (await worker()).runtime();
  const read = remarks.length === 0 ? "" : "What is known of it: ws info.";
  if (isolation === "container") {
    const message = "Workspaces are containers";
    if (remarks.length === 0) return { status: "ok", message: `${message}.` };
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
  if (problems.length === 0) return { status: "ok", message: "The state file is sound." };
  return {
    status: "fail",
    message: `The state file is damaged: ${problems[0]}.`,
    next: "Stop the agent and put the newest state.db.v*.backup in place of state.db.",
  };
}

function checkPermissions(configDir: string): Finding {
  const loose = findLoose(configDir);
  if (loose.length === 0) return { status: "ok", message: `${configDir} is private.` };
  const shown = loose.map(({ path, mode }) => `${path} (${mode.toString(8)})`).join(", ");
  return { status: "fail", message: `Others may use ${shown}.`, next: "Start the agent again; it repairs this." };
}

function checkListening(host: string): Finding {
  if (isLoopback(host)) return { status: "ok", message: `Only this machine reaches the agent (${host}).` };
  return {
    status: "warn",
    message: `The agent listens on ${host} without TLS: tokens cross the network readably.`,
    next: "Set host back to 127.0.0.1 and use 'ssh -L', or put a TLS proxy in front.",
  };
}

/** All containers of one user share these instances. */
async function checkInotify(): Promise<Finding> {
  const text = await readFile("/proc/sys/fs/inotify/max_user_instances", "utf8").catch(() => undefined);
  if (text === undefined) return { status: "ok", message: "This system has no inotify limits." };
  const instances = Number(text);
  const message = `${instances} file watchers can run at once.`;
  if (instances >= 256) return { status: "ok", message };
  return { status: "warn", message, next: "Raise it: sysctl -w fs.inotify.max_user_instances=1024." };
}

async function checkTool(
  { worker }: DoctorOptions,
  program: string,
  args: string[],
  without: string,
  signal?: AbortSignal,
): Promise<Finding> {
  if ((await worker()).runtime().runtime !== "local") return { status: "ok", message: "Containers bring their own." };
  try {
    const { stdout } = await promisify(execFile)(program, args, signal === undefined ? {} : { signal });
    return { status: "ok", message: `${stdout.trim()} is installed.` };
  } catch {
    const name = program === "bwrap" ? "bubblewrap" : program;
    return {
      status: "warn",
      message: `${name} is not installed: ${without}.`,
      next: `Install it: apt-get install ${name}.`,
    };
  }
}
