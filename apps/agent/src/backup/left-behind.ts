import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { WorkspaceId, WorkspaceRecord } from "@ws/workspace-core";
import { homeOf, type Home } from "../runtimes/homes.ts";

/** What is newer than a backup, and so known to no command from then on. None of it is touched. */
export interface LeftBehind {
  workspaces: LeftWorkspace[];
  /** The worker's own repositories: where each lies once the restore is done. */
  repositories: { name: string; path: string }[];
}

export interface LeftWorkspace {
  id: WorkspaceId;
  name: string;
  home: Home;
}

/** Compares what is to come with what it replaces, before anything is moved to `before`. */
export async function leftBehind(configDir: string, staged: string, before: string): Promise<LeftBehind> {
  const known = new Set(workspacesIn(join(staged, "state.db")).map(({ id }) => id));
  const workspaces: LeftWorkspace[] = [];
  for (const record of workspacesIn(join(configDir, "state.db"))) {
    const home = known.has(record.id) ? undefined : await homeOf(record);
    if (home !== undefined) workspaces.push({ id: record.id, name: record.name, home });
  }
  const coming = new Set(repositoriesIn(staged));
  const repositories = repositoriesIn(configDir)
    .filter((name) => !coming.has(name))
    .map((name) => ({ name: name.replace(/\.git$/, ""), path: join(before, "git", name) }));
  return { workspaces, repositories };
}

/** None where there is no state, or none that can be read. */
function workspacesIn(path: string): WorkspaceRecord[] {
  if (!existsSync(path)) return [];
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    const rows = db.prepare("SELECT record FROM workspaces WHERE live = 1 ORDER BY name").all();
    return rows.map(({ record }) => JSON.parse(String(record)) as WorkspaceRecord);
  } catch {
    return [];
  } finally {
    db?.close();
  }
}

function repositoriesIn(directory: string): string[] {
  const path = join(directory, "git");
  return existsSync(path) ? readdirSync(path).sort() : [];
}
