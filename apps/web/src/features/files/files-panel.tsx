import type { WorkspaceInfo } from "@ws/rpc-contract";
import { FileText, RotateCw } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { cn } from "../../components/ui/cn.ts";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { Tooltip } from "../../components/ui/tooltip.tsx";
import { useDrafts } from "./drafts-context.tsx";
import { FileMessage } from "./file-problem.tsx";
import { FileTree } from "./file-tree.tsx";
import { FileView } from "./file-view.tsx";
import { useTree } from "./use-tree.ts";

interface FilesPanelProps {
  workspace: WorkspaceInfo;
  /** Whether it is the part of the page that is in sight. */
  shown: boolean;
}

/** The files of a running workspace: a tree, and beside it, or on a phone in its place, the file that is open. */
export default function FilesPanel({ workspace, shown }: FilesPanelProps) {
  const { id, name } = workspace;
  const [query, setQuery] = useSearchParams();
  const { tree, state } = useTree(name, shown);
  const { unsaved } = useDrafts(id);
  const opened = query.get("path") ?? undefined;
  const line = Number.parseInt(query.get("line") ?? "", 10) || undefined;
  const [active, setActive] = useState(opened);
  const [followed, setFollowed] = useState(opened);
  // Also where the browser's back button opened it.
  if (followed !== opened) {
    setFollowed(opened);
    if (opened !== undefined) setActive(opened);
  }
  const unsavedPaths = useMemo(() => new Set(unsaved.keys()), [unsaved]);

  const open = useCallback(
    (path: string | undefined, atLine?: number) =>
      setQuery((before) => {
        const next = new URLSearchParams(before);
        next.delete("line");
        if (path === undefined) next.delete("path");
        else next.set("path", path);
        if (atLine !== undefined) next.set("line", String(atLine));
        return next;
      }),
    [setQuery],
  );

  useEffect(() => {
    if (opened !== undefined) tree.reveal(opened);
  }, [tree, opened]);

  return (
    <section aria-label="Files" className="flex min-h-0 flex-1">
      <div
        className={cn(
          "flex min-h-0 w-full flex-col bg-surface md:w-72 md:shrink-0 md:border-r md:border-line lg:w-80",
          opened !== undefined && "max-md:hidden",
        )}
      >
        <div className="flex min-h-11 shrink-0 items-center gap-1 border-b border-line px-2 py-1">
          <span className="flex-1" />
          <Tooltip content="List the files again">
            <Button
              variant="ghost"
              size="iconSmall"
              aria-label="List the files again"
              onClick={() => void tree.refresh()}
            >
              <RotateCw aria-hidden />
            </Button>
          </Tooltip>
        </div>
        {state.root === "loading" && <TreeSkeleton />}
        {state.root === "failed" && state.rows[0]?.kind === "note" && state.rows[0].note.kind === "failed" && (
          <div role="alert" className="p-4">
            <ProblemText problem={state.rows[0].note.problem} />
            <Button size="small" className="mt-3" onClick={() => void tree.refresh()}>
              Try again
            </Button>
          </div>
        )}
        {state.root === "ready" && (
          <FileTree
            label={`Files of ${name}`}
            rows={state.rows}
            active={active}
            opened={opened}
            unsaved={unsavedPaths}
            activate={setActive}
            open={(row) => {
              if (row.expanded === undefined) open(row.path);
              else if (row.expanded) tree.collapse(row.path);
              else tree.expand(row.path);
            }}
            expand={tree.expand}
            collapse={tree.collapse}
            rename={() => undefined}
            remove={() => undefined}
            retry={(folder) => void tree.refresh([folder])}
            menuOf={() => undefined}
          />
        )}
      </div>
      <div className={cn("flex min-h-0 min-w-0 flex-1 flex-col", opened === undefined && "max-md:hidden")}>
        {opened === undefined ? (
          <FileMessage Icon={FileText} title="No file is open">
            Choose one to read or edit it.
          </FileMessage>
        ) : (
          <FileView
            key={opened}
            id={id}
            name={name}
            path={opened}
            line={line}
            shown={shown}
            leave={() => open(undefined)}
            onSaved={() => void tree.refresh()}
          />
        )}
      </div>
    </section>
  );
}

/** As high as the rows that follow it. */
function TreeSkeleton() {
  return (
    <div role="status" className="px-4 py-1">
      <span className="sr-only">Loading the files…</span>
      {["w-24", "w-32", "w-20", "w-40", "w-28", "w-36", "w-24", "w-32"].map((width, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- nothing but the place tells them apart
        <div key={at} className="flex h-7 items-center pointer-coarse:h-11">
          <Skeleton className={`h-3.5 ${width}`} />
        </div>
      ))}
    </div>
  );
}
