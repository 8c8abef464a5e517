import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { isProjectName, isWsError, type Project, type Projects, WsError } from "@ws/workspace-core";

export interface Imported {
  imported: string[];
  /** What was left out, and why. */
  skipped: { file: string; reason: string }[];
}

const MOST_FILES = 1_000;
const MOST_BYTES = 1_048_576;

/**
 * Registers what project files in another tool's form name: `NAME.gp`, here or one directory down, with lines
 * `BARE_REPO_DIR: PATH` and `WORKSPACE_DIR: PATH`. Everything else in them is left alone. Throws `not_a_directory`.
 */
export function importProjects(projects: Projects, directory: string): Imported {
  const result: Imported = { imported: [], skipped: [] };
  for (const file of projectFilesIn(directory, result)) {
    const name = basename(file, ".gp");
    const reason = importOne(projects, file, name);
    if (reason === undefined) result.imported.push(name);
    else result.skipped.push({ file, reason });
  }
  return result;
}

function importOne(projects: Projects, file: string, name: string): string | undefined {
  if (!isProjectName(name)) return "its name cannot be a project's";
  let text: string;
  try {
    if (statSync(file).size > MOST_BYTES) return "it is too large";
    text = readFileSync(file, "utf8");
  } catch (error) {
    return unreadable(error);
  }
  const bareRepoDir = pathIn(text, "BARE_REPO_DIR");
  const workspaceDir = pathIn(text, "WORKSPACE_DIR");
  if (bareRepoDir === undefined && workspaceDir === undefined) return "it names no directory";
  const project: Project = {
    name,
    ...(bareRepoDir === undefined ? {} : { workflowType: "git", bareRepoDir }),
    ...(workspaceDir === undefined ? {} : { workspaceDir }),
  };
  try {
    projects.add(project);
    return undefined;
  } catch (error) {
    if (isWsError(error, "project_exists")) return "a project of this name exists already";
    throw error;
  }
}

function unreadable(error: unknown): string {
  return `it cannot be read (${(error as NodeJS.ErrnoException).code})`;
}

function pathIn(text: string, key: string): string | undefined {
  const [, path] = new RegExp(String.raw`^${key}:[ \t]*(/\S.*?)[ \t]*$`, "m").exec(text) ?? [];
  return path;
}

function projectFilesIn(directory: string, { skipped }: Imported): string[] {
  try {
    const here = readdirSync(directory, { withFileTypes: true });
    const below = here
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => {
        try {
          return readdirSync(join(directory, entry.name), { withFileTypes: true })
            .filter((one) => one.isFile())
            .map((one) => join(entry.name, one.name));
        } catch (error) {
          skipped.push({ file: join(directory, entry.name), reason: unreadable(error) });
          return [];
        }
      });
    const files = [...here.filter((entry) => entry.isFile()).map(({ name }) => name), ...below];
    return files
      .filter((name) => name.endsWith(".gp"))
      .sort()
      .slice(0, MOST_FILES)
      .map((name) => join(directory, name));
  } catch (error) {
    throw new WsError("not_a_directory", {
      message: `'${directory}' cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      next: "Name the directory with the project files.",
      data: { path: directory },
      cause: error,
    });
  }
}
