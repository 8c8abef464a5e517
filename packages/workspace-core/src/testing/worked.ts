import type { CreateRequest } from "../api.ts";
import type { WorkspaceRecord } from "../workspace.ts";
import type { Harness } from "./harness.ts";

export const URL = "https://forge.test/acme/next.js.git";

/** A workspace of a repository that the worker has a credential for. */
export async function created(h: Harness, request: Partial<CreateRequest> = {}): Promise<WorkspaceRecord> {
  h.credentials.add("forge.test", "one");
  return h.workspaces.create({ name: "demo", clone: URL, ...request });
}

/** One with two commits that only it has. */
export async function worked(h: Harness, request: Partial<CreateRequest> = {}): Promise<WorkspaceRecord> {
  const record = await created(h, request);
  h.git.leave(record.id, { head: "c2", unpushed: 2 });
  return record;
}
