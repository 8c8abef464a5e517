import { orAborted } from "./aborted.ts";
import type { Engine } from "./engine.ts";
import { isWsError, toWsError, WsError } from "./errors.ts";
import { orGivenUp } from "./given-up.ts";
import { excerpt } from "./names.ts";
import type { Box, GivenFile, Report } from "./ports.ts";
import type { WorkspaceRecord } from "./workspace.ts";

/** Opens the way into a place that was just started, and puts the worker's files into it. */
export async function connect(
  engine: Engine,
  record: WorkspaceRecord,
  { report, signal }: { report: Report; signal: AbortSignal },
): Promise<Box> {
  const files = (await engine.setup.files?.(record)) ?? [];
  if (files.length === 0) return orAborted(engine.boxes.open(record), signal);
  let given = false;
  const give = async (box: Box, ending: AbortSignal): Promise<void> => {
    given = true;
    report({ message: "Copying files" });
    await giveFiles(engine, record, box, files, ending);
  };
  // Before git is led to the worker: what leads it may stand in one of them.
  const box = await orAborted(engine.boxes.open(record, give), signal);
  // Somebody else had opened it already.
  if (!given) await orGivenUp(engine.clock, give(box, signal), signal);
  return box;
}

/** One that cannot be given is a line in the log: it is no reason for a workspace not to start. */
async function giveFiles(
  engine: Engine,
  record: WorkspaceRecord,
  box: Box,
  files: readonly GivenFile[],
  signal: AbortSignal,
): Promise<void> {
  for (const file of files) {
    try {
      await giveOne(box, file, signal);
    } catch (error) {
      if (signal.aborted || isWsError(error, "box_closed")) throw error;
      const line = `The file ${excerpt(file.target)} was not copied: ${toWsError(error).message}`;
      engine.records.log(record.id, "startup", line);
      engine.log.warn(line, { workspace: record.name });
    }
  }
}

/** Everything is done as the workspace's user, who can be led nowhere that it could not go itself. */
async function giveOne(box: Box, { target, content, mode, problem }: GivenFile, signal: AbortSignal): Promise<void> {
  if (content === undefined) throw refused(target, problem ?? "The worker does not have it.");
  const path = pathOf(box, target);
  const directory = path.slice(0, path.lastIndexOf("/"));
  const isNew = await requireOwnWay(box, directory, target, signal);
  await box.files.mkdir(directory, signal);
  if (isNew && (mode & 0o077) === 0) await makePrivate(box, directory, signal);
  await box.files.write(path, content, { mode, signal });
}

function pathOf(box: Box, target: string): string {
  const path = target.startsWith("/") ? target : `${box.home}/${target.replace(/^~\//, "")}`;
  const segments = path.split("/").slice(1);
  if (segments.every((segment) => segment !== "" && segment !== "." && segment !== "..") && !path.includes("\0")) {
    return path;
  }
  throw refused(target, "Its destination is no path of a file.");
}

/** Whether the directory has to be made. A link on the way, which whoever is inside may have put there, is not followed. */
async function requireOwnWay(box: Box, directory: string, target: string, signal: AbortSignal): Promise<boolean> {
  if (!directory.startsWith(`${box.home}/`)) return false;
  const below = directory.slice(box.home.length + 1).split("/");
  for (let depth = 1; depth <= below.length; depth += 1) {
    const path = [box.home, ...below.slice(0, depth)].join("/");
    const type = await typeAt(box, path, signal);
    if (type === undefined) return true;
    if (type === "symlink") throw refused(target, `${excerpt(path)} is a link in this workspace.`);
  }
  return false;
}

async function typeAt(box: Box, path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await box.files.stat(path, signal)).type;
  } catch (error) {
    if (isWsError(error, "file_not_found")) return undefined;
    throw error;
  }
}

/** Some programs want it so; where it cannot be done the file's own mode has to do. */
async function makePrivate(box: Box, directory: string, signal: AbortSignal): Promise<void> {
  try {
    const { exit } = await box.run(["chmod", "700", "--", directory], { signal });
    await exit;
  } catch (error) {
    if (signal.aborted || isWsError(error, "box_closed")) throw error;
  }
}

function refused(target: string, message: string): WsError {
  return new WsError("file_not_found", { message, data: { path: excerpt(target) } });
}
