import { useSearchParams } from "react-router";
import type { Area } from "./changes/changes.ts";

const VIEWS = ["changes", "history", "stashes", "pull-request"];

export interface GitAddress {
  view: string;
  /** The hash of the one that is shown. */
  commit: string | undefined;
  change: { area: Area; path: string } | undefined;
}

/** What of the panel is shown, as the page's address has it, so that the browser's way back leads through it. */
export function useGitAddress(): GitAddress & { go: (to: Partial<GitAddress>, how?: { replace: boolean }) => void } {
  const [query, setQuery] = useSearchParams();
  const go = ({ view, commit, change }: Partial<GitAddress>, how = { replace: false }) =>
    setQuery((before) => {
      // Those of the other tabs stay.
      const after = new URLSearchParams(before);
      for (const key of ["view", "commit", "change"]) after.delete(key);
      if (view !== undefined) after.set("view", view);
      if (commit !== undefined) after.set("commit", commit);
      if (change !== undefined) after.set("change", `${change.area}:${change.path}`);
      return after;
    }, how);
  return {
    view: VIEWS.find((view) => view === query.get("view")) ?? "changes",
    commit: query.get("commit") ?? undefined,
    change: parseChange(query.get("change") ?? ""),
    go,
  };
}

function parseChange(text: string): GitAddress["change"] {
  const end = text.indexOf(":");
  const [area, path] = [text.slice(0, end), text.slice(end + 1)];
  return isArea(area) && path !== "" ? { area, path } : undefined;
}

function isArea(text: string): text is Area {
  return text === "conflicted" || text === "staged" || text === "changed" || text === "untracked";
}
