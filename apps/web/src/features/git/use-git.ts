import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { GitStatusResult } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { createContext, use, useCallback, useMemo, useState } from "react";
import { useToaster, type Toaster } from "../../components/ui/toast.tsx";
import { toProblem, type Problem } from "../../problem.ts";
import { FRESH } from "../../fresh.ts";
import { useServices } from "../../services.ts";

/** More than a person goes through one by one; how many there are is told beside it. */
const MOST_FILES = 20_000;

/** What the parts of the panel share: one workspace's repository, as it was last seen, and one change of it at a time. */
export interface GitPanelState {
  id: string;
  name: string;
  status: GitStatusResult;
  /** What is being done now; undefined while nothing is. */
  busy: string | undefined;
  /** What was last tried in vain; undefined once something else is tried, or it was read. */
  failed: { title: string; problem: Problem } | undefined;
  forget(): void;
  /** Does one thing, reads everything again and resolves to what was in the way. A failure is kept as `failed`, unless `quiet`. */
  run(task: GitTask): Promise<Problem | undefined>;
}

export interface GitTask {
  key: string;
  /** Said when it failed: "'main' was not pushed". */
  failure: string;
  work: (git: AgentClient["git"]) => Promise<unknown>;
  /** Said when it is done; a function is asked with what the work resolved to. */
  done?: string | ((result: never) => string | undefined);
  quiet?: boolean;
}

export const GitPanelContext = createContext<GitPanelState | undefined>(undefined);

export function useGitPanel(): GitPanelState {
  const state = use(GitPanelContext);
  if (state === undefined) throw new Error("useGitPanel needs a GitPanelContext above it.");
  return state;
}

/** The status of a workspace's repository, read again whenever the page comes to the front. */
export function useGitStatus(name: string) {
  const { queries } = useServices();
  return useQuery({
    ...queries.git.status.queryOptions({ input: { name, untracked: "files", limit: MOST_FILES } }),
    ...FRESH,
  });
}

/** Reads again what the panel shows: after its own changes, and whenever a change is heard of from elsewhere. */
export function useGitRefresh(): () => Promise<void> {
  const { queries } = useServices();
  const queryClient = useQueryClient();
  return useCallback(async () => {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: queries.git.key() }),
      queryClient.invalidateQueries({ queryKey: NEW_FILE }),
    ]);
  }, [queryClient, queries]);
}

/** Begins the key of what is read of files that git does not know. */
export const NEW_FILE = ["git-new-file"] as const;

export function useGitTasks(): Pick<GitPanelState, "busy" | "failed" | "forget" | "run"> {
  const { client } = useServices();
  const toaster = useToaster();
  const refresh = useGitRefresh();
  const [busy, setBusy] = useState<string>();
  const [failed, setFailed] = useState<GitPanelState["failed"]>();
  const run = useMemo(
    () => createRun({ git: client.git, toaster, refresh, setBusy, setFailed }),
    [client, toaster, refresh],
  );
  const forget = useCallback(() => setFailed(undefined), []);
  return useMemo(() => ({ busy, failed, forget, run }), [busy, failed, forget, run]);
}

interface RunOptions {
  git: AgentClient["git"];
  toaster: Toaster;
  refresh: () => Promise<void>;
  setBusy: (key: string | undefined) => void;
  setFailed: (failed: GitPanelState["failed"]) => void;
}

function createRun({ git, toaster, refresh, setBusy, setFailed }: RunOptions): GitPanelState["run"] {
  return async ({ key, failure, work, done, quiet = false }) => {
    setBusy(key);
    setFailed(undefined);
    try {
      const result = await work(git);
      const text = typeof done === "function" ? done(result as never) : done;
      if (text !== undefined) toaster.done(text);
      return undefined;
    } catch (error) {
      const problem = toProblem(error);
      if (!quiet) setFailed({ title: failure, problem });
      return problem;
    } finally {
      // Also what failed may have changed something: a pull that stopped at a conflict.
      await refresh().catch(() => undefined);
      setBusy(undefined);
    }
  };
}
