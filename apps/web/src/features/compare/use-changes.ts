import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { readNew } from "../../components/diff/read-new.ts";
import { FRESH } from "../../fresh.ts";
import { useServices } from "../../services.ts";
import { isAtWork, type Attempt } from "./attempt.ts";
import { isChange, type AttemptChanges, type ComparedFile } from "./changed-files.ts";

/** How often what is at work is looked at again. */
const AGAIN_MS = 5_000;
/** More new files than a person goes through one by one. */
const MOST_FILES = 5_000;

export type ChangesQuery = AttemptChanges & { error: unknown; isFetching: boolean; refetch: () => Promise<unknown> };

/** What each attempt changed; of one that does not run, what was last seen. */
export function useChanges(attempts: readonly Attempt[]): ChangesQuery[] {
  const { queries } = useServices();
  useReadAgain(attempts);
  const options = (attempt: Attempt) => ({
    ...FRESH,
    enabled: attempt.status === "running",
    refetchInterval: isAtWork(attempt) ? AGAIN_MS : (false as const),
  });
  const diffs = useQueries({
    queries: attempts.map((attempt) => {
      const { name, from } = attempt;
      const known = queries.git.diff.queryOptions({ input: { name, from, mergeBase: true, stat: true } });
      return { ...known, queryKey: ofIts(known.queryKey, attempt), ...options(attempt) };
    }),
  });
  const statuses = useQueries({
    queries: attempts.map((attempt) => {
      const known = queries.git.status.queryOptions({
        input: { name: attempt.name, untracked: "files", limit: MOST_FILES },
      });
      return { ...known, queryKey: ofIts(known.queryKey, attempt), ...options(attempt) };
    }),
  });
  return attempts.map((_, at) => {
    const [diff, status] = [diffs[at], statuses[at]];
    return {
      diff: diff?.data,
      status: status?.data,
      error: diff?.error ?? status?.error ?? null,
      isFetching: diff?.isFetching === true || status?.isFetching === true,
      refetch: () => Promise.all([diff?.refetch(), status?.refetch()]),
    };
  });
}

/** One file of one attempt. */
export function useFileDiff(attempt: Attempt, path: string, found: ComparedFile["changes"][number]) {
  const change = isChange(found) ? found : undefined;
  const { client, queries } = useServices();
  const { name, from, status } = attempt;
  const fresh = change?.kind === "untracked";
  const shared = {
    ...FRESH,
    refetchInterval: isAtWork(attempt) ? AGAIN_MS : (false as const),
  };
  const enabled = change !== undefined && status === "running";
  const paths = change?.oldPath === undefined ? [path] : [change.oldPath, path];
  const diff = queries.git.diff.queryOptions({ input: { name, from, mergeBase: true, paths } });
  const known = useQuery({
    ...diff,
    queryKey: ofIts(diff.queryKey, attempt),
    ...shared,
    enabled: enabled && !fresh,
    select: ({ files }) => files,
  });
  const unknown = useQuery({
    queryKey: ofIts([NEW_FILE, path], attempt),
    queryFn: async ({ signal }) => [await readNew(client, { name, path }, signal)],
    ...shared,
    enabled: enabled && fresh,
  });
  return fresh ? unknown : known;
}

/** A name may be another workspace's by the next comparison. */
function ofIts<K extends readonly unknown[]>(key: K, { workspaceId }: Attempt): K {
  return [...key, workspaceId] as unknown as K;
}

const NEW_FILE = "compared-new-file";

/** What a task left at its end is read at once, and not at the next look. */
function useReadAgain(attempts: readonly Attempt[]): void {
  const { queries } = useServices();
  const queryClient = useQueryClient();
  const state = attempts.map(({ status, task }) => `${status} ${task?.status ?? ""}`).join();
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    void queryClient.invalidateQueries({ queryKey: queries.git.key() });
    void queryClient.invalidateQueries({ queryKey: [NEW_FILE] });
  }, [state, queries, queryClient]);
}
