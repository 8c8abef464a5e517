import type { WorkspaceInfo } from "@ws/rpc-contract";

interface Place {
  /** Of the worker. */
  name: string;
  workspaces: readonly WorkspaceInfo[] | undefined;
}

const ORDER: readonly WorkspaceInfo["status"][] = ["error", "creating", "running", "stopped"];
const NAMES = new Intl.Collator("en", { numeric: true });

/** Those of a worker that have every word of the filter somewhere, what goes wrong or goes on first; `status:stopped` is one word. */
export function matching({ name: worker, workspaces = [] }: Place, text: string): WorkspaceInfo[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return workspaces
    .filter(({ name, repo, branch, execution, status }) =>
      words.every((word) => {
        if (word.startsWith("status:")) {
          const wanted = word.slice("status:".length);
          return status.startsWith(wanted === "failed" ? "error" : wanted);
        }
        return [name, repo, branch, execution?.id, worker].some((one) => one?.toLowerCase().includes(word));
      }),
    )
    .toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || NAMES.compare(a.name, b.name));
}
