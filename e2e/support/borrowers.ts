import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { AgentProcess } from "./agent-process.ts";

/** Ids of the workspaces that the worker keeps objects of a repository for. */
export async function borrowers({ configDirectory }: AgentProcess): Promise<string[]> {
  const root = join(configDirectory, "objects");
  const repositories = await readdir(root).catch(() => []);
  return (await Promise.all(repositories.map((name) => readdir(join(root, name, "shared"))))).flat();
}
