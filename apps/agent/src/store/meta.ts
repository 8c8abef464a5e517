import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { RuntimeName } from "@ws/workspace-core";
import type { Insist } from "./insist.ts";

export interface Meta {
  /** Marks everything this worker makes in an engine; stays the same for the life of the state. */
  readonly instance: string;
  /** The runtime that new workspaces were given last; undefined before the first decision. */
  getRuntime(): RuntimeName | undefined;
  setRuntime(runtime: RuntimeName): void;
}

/** What is decided at a start is written also on a full disk: without an agent nothing would give space back. */
export function createMeta(db: DatabaseSync, insist: Insist): Meta {
  const read = db.prepare("SELECT value FROM meta WHERE key = ?");
  const write = db.prepare(
    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  );
  const get = (key: string): string | undefined => read.get(key)?.["value"]?.toString();
  if (get("instance") === undefined) write.run("instance", randomBytes(8).toString("hex"));
  return {
    instance: get("instance") as string,
    getRuntime: () => get("runtime") as RuntimeName | undefined,
    setRuntime(runtime) {
      if (get("runtime") !== runtime) insist(() => write.run("runtime", runtime));
    },
  };
}
