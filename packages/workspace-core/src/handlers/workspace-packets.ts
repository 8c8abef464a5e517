import type { WorkspaceFiles } from "../files/workspace-files.ts";
import type { GitWork } from "../git-work.ts";
import type { PolicyLayer } from "../policy/layers.ts";
import { lets } from "../policy/lets.ts";
import type { Policy } from "../policy/policy.ts";
import type { FetchSettings } from "./fetch.ts";
import { handlerRules } from "./handler.ts";
import type { PacketSource } from "./packets.ts";

/** What one fetch adds to the policy: it looks no further than it says. */
export function fetchLayers(repo: string, settings: Omit<FetchSettings, "repo">): PolicyLayer[] {
  return handlerRules({ kind: "fetch", settings: { repo, ...settings } }).map((rules) => ({
    of: "token",
    name: "fetch",
    rules,
  }));
}

export function packetSource(
  { git, files, policy }: { git: GitWork; files: WorkspaceFiles; policy: Policy },
  signal?: AbortSignal,
): PacketSource {
  const given = signal === undefined ? {} : { signal };
  return {
    head: async () => (await git.status({ untracked: "none", limit: 1 })).head,
    names: (since) => git.names(since === undefined ? {} : { since }),
    mayRead: (path) => lets(policy, { act: "read", path }),
    read: (path) => files.read(path, given),
  };
}
