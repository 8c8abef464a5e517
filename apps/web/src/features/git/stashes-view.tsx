import { useQuery } from "@tanstack/react-query";
import type { GitStashResult } from "@ws/rpc-contract";
import { Archive } from "lucide-react";
import { useState } from "react";
import { TimeAgo } from "../../components/time-ago.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useServices } from "../../services.ts";
import { LossDialog } from "./loss-dialog.tsx";
import { Failed, Nothing } from "./states.tsx";
import { useGitPanel } from "./use-git.ts";
import { FRESH } from "../../fresh.ts";

/** What was put away, newest first. */
export function StashesView() {
  const { queries } = useServices();
  const { name } = useGitPanel();
  const list = useQuery({ ...queries.git.stash.list.queryOptions({ input: { name } }), ...FRESH });
  const [dropping, setDropping] = useState<GitStashResult>();
  if (list.error !== null) return <Failed title="The stashes could not be read" query={list} />;
  if (list.data === undefined) return <Skeleton className="m-6 h-10" />;
  if (list.data.length === 0) {
    return (
      <Nothing Icon={Archive} title="Nothing is put away">
        “Stash changes…” in the menu beside Push keeps changes here until they are wanted again.
      </Nothing>
    );
  }
  return (
    <ul className="min-h-0 flex-1 divide-y divide-line overflow-y-auto px-4 sm:px-6">
      {list.data.map((stash) => (
        <StashRow key={stash.hash} stash={stash} drop={() => setDropping(stash)} />
      ))}
      {dropping !== undefined && (
        <LossDialog
          title="Drop this stash?"
          lost={
            <>
              <li className="font-semibold">{dropping.message}</li>
              <li>All changes in it: they lie nowhere else</li>
            </>
          }
          action="Drop stash"
          task={{
            key: "drop",
            failure: "The stash was not dropped",
            work: (git) => git.stash.drop({ name, index: dropping.index, hash: dropping.hash, allowDestructive: true }),
            done: "The stash was dropped.",
          }}
          close={() => setDropping(undefined)}
        />
      )}
    </ul>
  );
}

function StashRow({ stash, drop }: { stash: GitStashResult; drop: () => void }) {
  const { name, busy, run } = useGitPanel();
  const { index, hash, message, date } = stash;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-48 flex-1">
        <p className="text-sm break-words">{message}</p>
        <p className="text-[0.8125rem] text-muted">
          <TimeAgo at={date} />
        </p>
      </div>
      <Button
        size="small"
        busy={busy === `pop:${hash}`}
        disabled={busy !== undefined}
        onClick={() =>
          void run({
            key: `pop:${hash}`,
            failure: "The stash was not brought back",
            work: (git) => git.stash.pop({ name, index, hash }),
            done: "The stash is back in the files.",
          })
        }
      >
        Bring back
      </Button>
      <Button size="small" variant="ghost" disabled={busy !== undefined} onClick={drop}>
        Drop…
      </Button>
    </li>
  );
}
