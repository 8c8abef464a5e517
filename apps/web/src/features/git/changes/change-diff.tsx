import { useQuery } from "@tanstack/react-query";
import { Minus, Plus, Trash2, Undo2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../components/ui/button.tsx";
import { useServices } from "../../../services.ts";
import { DiffPane } from "../diff/diff-pane.tsx";
import { NEW_FILE, useGitPanel } from "../use-git.ts";
import { FRESH } from "../../../fresh.ts";
import { type Change, pathsOf } from "./changes.ts";
import { DiscardDialog } from "./discard-dialog.tsx";
import { readNew } from "../../../components/diff/read-new.ts";
import { useStaging } from "./use-staging.ts";

/** What changed in one file. */
export function ChangeDiff({ change, back }: { change: Change; back: () => void }) {
  const { area, path } = change;
  const [discarding, setDiscarding] = useState(false);
  const { stage, unstage, busy } = useStaging();
  const diff = useChangeDiff(change);
  return (
    <>
      <DiffPane
        title={path}
        files={diff.data}
        query={diff}
        back={back}
        actions={
          <>
            {(area === "changed" || area === "untracked") && (
              <Button size="small" variant="ghost" disabled={busy} onClick={() => setDiscarding(true)}>
                {area === "untracked" ? <Trash2 aria-hidden /> : <Undo2 aria-hidden />}
                <span className="max-sm:sr-only">{area === "untracked" ? "Delete…" : "Discard…"}</span>
              </Button>
            )}
            <Button
              size="small"
              disabled={busy}
              onClick={() => void (area === "staged" ? unstage(change) : stage(change))}
            >
              {area === "staged" ? <Minus aria-hidden /> : <Plus aria-hidden />}
              {area === "staged" ? "Unstage" : area === "conflicted" ? "Stage as resolved" : "Stage"}
            </Button>
          </>
        }
      />
      {discarding && <DiscardDialog changes={[change]} close={() => setDiscarding(false)} />}
    </>
  );
}

function useChangeDiff(change: Change) {
  const { client, queries } = useServices();
  const { name } = useGitPanel();
  const { area, path } = change;
  // The tree with its conflict marks against what was there before, since what is staged of it is three files.
  const range = area === "staged" ? { staged: true } : area === "conflicted" ? { from: "HEAD" } : {};
  const known = useQuery({
    ...queries.git.diff.queryOptions({ input: { name, paths: pathsOf(change), ...range } }),
    ...FRESH,
    enabled: area !== "untracked",
    select: ({ files }) => files,
  });
  const fresh = useQuery({
    queryKey: [...NEW_FILE, name, path],
    queryFn: async ({ signal }) => [await readNew(client, { name, path }, signal)],
    ...FRESH,
    enabled: area === "untracked",
  });
  return area === "untracked" ? fresh : known;
}
