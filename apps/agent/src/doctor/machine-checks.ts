import { readFile } from "node:fs/promises";
import { diskRoom, type Disk } from "@ws/workspace-core";
import { findLoose } from "../config/directory.ts";
import { fine, type Finding } from "./finding.ts";

export async function checkDisk(disk: Disk): Promise<Finding> {
  const { level, text } = diskRoom(await disk.free());
  const message = `${text}.`;
  if (level === "ample") return { status: "ok", message };
  const next = "Delete workspaces that are not needed, or free space.";
  return { status: level === "full" ? "fail" : "warn", message, next };
}

export function checkState(problems: readonly string[]): Finding {
  if (problems.length === 0) return fine("The state file is sound.");
  return {
    status: "fail",
    message: `The state file is damaged: ${problems[0]}.`,
    next: "Stop the agent, move state.db, state.db-wal and state.db-shm away, and put the state.db.vN.backup of the highest N in place of state.db.",
  };
}

export function checkPermissions(configDir: string): Finding {
  const loose = findLoose(configDir);
  if (loose.length === 0) return fine(`${configDir} is private.`);
  const shown = loose.map(({ path, mode }) => `${path} (${mode.toString(8)})`).join(", ");
  return { status: "fail", message: `Others may use ${shown}.`, next: "Start the agent again; it repairs this." };
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
