import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { isProjectName, type Project, type ProjectStore, WsError } from "@ws/workspace-core";
import { z } from "zod";
import { syncDirectory, writeDurable } from "../config/durable-file.ts";
import { findSyntaxError, locate, type JsonPath } from "../config/json-position.ts";
import { plainIssue } from "../config/plain-issue.ts";
import { withoutAbsent } from "../without-absent.ts";

const absolute = z.string().regex(/^\//, "must be an absolute path");

/** A project's file; its name is the project's. */
export const projectFile = z.strictObject({
  workflowType: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and hyphens")
    .optional(),
  url: z.string().min(1).optional(),
  bareRepoDir: absolute.optional(),
  workspaceDir: absolute.optional(),
  defaultBranch: z.string().min(1).optional(),
  maxWorkspaces: z.number().int().min(1).max(1_000).optional(),
  submit: z.enum(["merge", "push", "pull_request"]).optional(),
  commit: z
    .strictObject({
      prefix: z
        .string()
        .max(100)
        .regex(/^[^\r\n]*$/, "must be one line")
        .optional(),
      tags: z
        .record(z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, "is not a tag's name"), z.string().max(200))
        .optional(),
    })
    .optional(),
});

/** Nobody writes more by hand, and nothing else is read into memory. */
const MOST_BYTES = 1_048_576;

/**
 * Projects as files that people may edit, `NAME.json` in one directory. A file that cannot be used is told with its line and
 * never changed.
 */
export function createProjectFiles(directory: string): ProjectStore {
  const fileOf = (name: string): string => join(directory, `${name}.json`);
  return {
    names() {
      const entries = readdirOrNone(directory).filter((name) => name.endsWith(".json"));
      return entries
        .map((name) => basename(name, ".json"))
        .filter(isProjectName)
        .sort();
    },
    read(name) {
      if (!isProjectName(name)) return undefined;
      const path = fileOf(name);
      const found = statSync(path, { throwIfNoEntry: false });
      if (found === undefined) return undefined;
      if (!found.isFile() || found.size > MOST_BYTES)
        throw invalid(path, { line: 1, column: 1 }, "this is no project's file");
      return { name, ...parseProject(readFileSync(path, "utf8"), path) };
    },
    write({ name, ...project }) {
      const text = `${JSON.stringify(project, null, 2)}\n`;
      parseProject(text, fileOf(name));
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeDurable(fileOf(name), text);
    },
    remove(name) {
      if (!isProjectName(name)) return;
      rmSync(fileOf(name), { force: true });
      if (statSync(directory, { throwIfNoEntry: false }) !== undefined) syncDirectory(directory);
    },
    file: fileOf,
  };
}

function parseProject(text: string, path: string): Omit<Project, "name"> {
  const problem = findSyntaxError(text);
  if (problem !== undefined) throw invalid(path, problem, problem.message);
  const result = projectFile.safeParse(JSON.parse(text));
  if (result.success) return toProject(result.data);
  const [issue] = result.error.issues;
  const [unknown] = (issue as { keys?: readonly string[] } | undefined)?.keys ?? [];
  const at = [...((issue?.path ?? []) as (string | number)[])];
  const where: JsonPath = unknown === undefined || issue?.code !== "unrecognized_keys" ? at : [...at, unknown];
  const what = at.length === 0 ? "it" : at.join(".");
  throw invalid(path, locate(text, where), `${what} ${plainIssue(issue)}`);
}

function toProject({ commit, ...project }: z.infer<typeof projectFile>): Omit<Project, "name"> {
  return { ...withoutAbsent(project), ...(commit === undefined ? {} : { commit: withoutAbsent(commit) }) };
}

function readdirOrNone(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function invalid(file: string, { line, column }: { line: number; column: number }, message: string): WsError {
  return new WsError("config_invalid", {
    message: `${file}:${line}:${column}: ${message}.`,
    next: "Correct or remove the file. It has not been changed.",
    data: { file, line, column },
  });
}
