import { concatBytes } from "../bytes.ts";
import type { Engine } from "../engine.ts";
import { isWsError, toWsError } from "../errors.ts";
import { excerpt } from "../names.ts";
import type { Box, GivenFile } from "../ports.ts";
import type { GivenMark, WorkspaceRecord } from "../workspace.ts";
import { isSameMark, markOf, standingOf } from "./marks.ts";
import { directoryOf, notGiven, requireOwnWay, targetPath } from "./target-path.ts";

export type GivenMarks = Readonly<Record<string, GivenMark>>;

export interface Giving {
  files: readonly GivenFile[];
  /** What it was given before, by target. */
  before: GivenMarks;
  /** Whether everything is given as at a start; otherwise what has changed, and what was changed inside stays. */
  anew: boolean;
  signal: AbortSignal;
}

/**
 * Makes the files in a workspace those that the worker gives: what left the set is removed where it is still as it was given. One that
 * cannot be given is a line in the log, and no reason for a workspace not to start. Resolves to whether anything was changed. Throws
 * `aborted`, `box_closed`; what was given until then is on record.
 */
export async function giveFiles(engine: Engine, record: WorkspaceRecord, box: Box, giving: Giving): Promise<boolean> {
  const { files, before, signal } = giving;
  const marks = new Map(Object.entries(before));
  let changed = false;
  const each = async (
    target: string,
    what: string,
    work: () => Promise<boolean>,
    settle?: () => void,
  ): Promise<void> => {
    try {
      changed = (await work()) || changed;
      settle?.();
    } catch (error) {
      if (signal.aborted || isWsError(error, "box_closed")) throw error;
      if (isWsError(error, "file_not_found")) settle?.();
      const line = `The file ${excerpt(target)} was not ${what}: ${toWsError(error).message}`;
      engine.records.log(record.id, giving.anew ? "startup" : "agent", line);
      engine.log.warn(line, { workspace: record.name });
    }
  };
  try {
    for (const [target, mark] of departed(box, giving)) {
      // Until it is away, or is the workspace's own, the next turn tries again.
      const forget = (): void => void marks.delete(target);
      await each(target, "removed", () => takeBack(box, target, mark, signal), forget);
    }
    for (const file of files) {
      await each(file.target, "copied", () => giveOne(box, file, giving, (mark) => marks.set(file.target, mark)));
    }
    return changed;
  } finally {
    keep(engine, record, Object.fromEntries(marks));
  }
}

/** Whether anything has to be looked at in a workspace at all. */
export async function isUpToDate(files: readonly GivenFile[], before: GivenMarks): Promise<boolean> {
  const targets = new Set(files.map(({ target }) => target));
  if (Object.keys(before).some((target) => !targets.has(target) && !isCovered(target, files))) return false;
  for (const { target, content, mode, once } of files) {
    const known = before[target];
    if (content === undefined || (once === true && known !== undefined)) continue;
    if (!isSameMark(known, await markOf(content, mode))) return false;
  }
  return true;
}

/** What a workspace would have been given. */
export async function marksOf(files: readonly GivenFile[]): Promise<GivenMarks> {
  const marks = files.map(async ({ target, content, mode }) =>
    content === undefined ? [] : [[target, await markOf(content, mode)] as const],
  );
  return Object.fromEntries((await Promise.all(marks)).flat());
}

/** What was given and is no longer meant. Nothing is taken back because its source cannot be read just now. */
function departed(box: Box, { files, before }: Giving): [string, GivenMark][] {
  const paths = new Set(files.flatMap(({ target }) => pathsOf(box, target)));
  return Object.entries(before).filter(
    ([target]) => !isCovered(target, files) && pathsOf(box, target).every((path) => !paths.has(path)),
  );
}

function pathsOf(box: Box, target: string): string[] {
  try {
    return [targetPath(box, target)];
  } catch {
    return [];
  }
}

/** Whether it is, or lies in, what could not be read as a whole. */
function isCovered(target: string, files: readonly GivenFile[]): boolean {
  return files.some(
    (file) => file.content === undefined && `${target}/`.startsWith(`${file.target.replace(/\/+$/, "")}/`),
  );
}

/** Everything is done as the workspace's user, who can be led nowhere that it could not go itself. */
async function giveOne(
  box: Box,
  { target, content, mode, problem, once }: GivenFile,
  { before, anew, signal }: Giving,
  note: (mark: GivenMark) => void,
): Promise<boolean> {
  if (content === undefined) throw notGiven(target, problem ?? "The worker does not have it.");
  const known = before[target];
  const mark = await markOf(content, mode);
  if (known !== undefined && (once === true || (!anew && isSameMark(known, mark)))) return false;
  const path = targetPath(box, target);
  const isNew = await requireOwnWay(box, path, target, signal);
  const added = anew || known === undefined ? undefined : await addedTo(box, path, { known, mark, signal });
  if (added === "changed") {
    note(mark);
    throw notGiven(target, "It was changed in the workspace; its next start replaces it.");
  }
  await box.files.mkdir(directoryOf(path), signal);
  if (isNew && (mode & 0o077) === 0) await makePrivate(box, directoryOf(path), signal);
  await box.files.write(path, added === undefined ? content : concatBytes([content, added]), { mode, signal });
  note(mark);
  return true;
}

/** What was appended inside to what was given; a crash may have come between giving the new content and noting it. */
async function addedTo(
  box: Box,
  path: string,
  { known, mark, signal }: { known: GivenMark; mark: GivenMark; signal: AbortSignal },
): Promise<Uint8Array | "changed" | undefined> {
  for (const each of [mark, known]) {
    const standing = await standingOf(box, path, each, signal);
    if (standing.is === "absent") return undefined;
    if (standing.is === "given") return standing.added;
  }
  return "changed";
}

/** Leaves what was appended to it. Throws where it was changed: then it is its user's. */
async function takeBack(box: Box, target: string, mark: GivenMark, signal: AbortSignal): Promise<boolean> {
  const path = targetPath(box, target);
  if (await requireOwnWay(box, path, target, signal)) return false;
  const standing = await standingOf(box, path, mark, signal);
  if (standing.is === "absent") return false;
  if (standing.is === "changed") throw notGiven(target, "It was changed in the workspace, and stays there as it is.");
  if (standing.added.length === 0) await box.files.remove(path, signal);
  else await box.files.write(path, standing.added, { signal });
  return true;
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

/** Nobody watches it. What is gone meanwhile keeps nothing. */
function keep({ records, store }: Engine, { id, given }: WorkspaceRecord, marks: GivenMarks): void {
  const current = store.get(id);
  if (current === undefined || current.phase === "cleaned_up") return;
  if (given !== undefined && JSON.stringify(given) === JSON.stringify(marks)) return;
  records.note(id, (record) => ({ ...record, given: marks }));
}
