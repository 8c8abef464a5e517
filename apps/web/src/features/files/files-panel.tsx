import type { WorkspaceInfo } from "@ws/rpc-contract";
import { FileText } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { cn } from "../../components/ui/cn.ts";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useToaster } from "../../components/ui/toast.tsx";
import { useDownload } from "./download.ts";
import { useDrafts } from "./drafts-context.tsx";
import { DropZone } from "./drop-zone.tsx";
import { droppedFiles } from "./dropped-files.ts";
import type { FileAsk, FileDone } from "./file-ask.ts";
import { FileDialogs } from "./file-dialogs.tsx";
import { FileMessage } from "./file-problem.tsx";
import { FileTree } from "./file-tree.tsx";
import { FileView } from "./file-view.tsx";
import { isWithin, parentOf } from "../../file-paths.ts";
import { SearchPanel } from "./search-panel.tsx";
import { TreeToolbar } from "./tree-toolbar.tsx";
import { UnsavedMenu } from "./unsaved-menu.tsx";
import { UploadsTray } from "./uploads-tray.tsx";
import { useFileVerbs } from "./use-file-verbs.ts";
import { useFileChanges } from "./use-changes.ts";
import { useTree } from "./use-tree.ts";
import { useUploads } from "./use-uploads.tsx";

interface FilesPanelProps {
  workspace: WorkspaceInfo;
  /** Whether it is the part of the page that is in sight. */
  shown: boolean;
}

/** The files of a running workspace: a tree, and beside it, or on a phone in its place, the file that is open. */
export default function FilesPanel({ workspace, shown }: FilesPanelProps) {
  const { id, name } = workspace;
  const toaster = useToaster();
  const { tree, state } = useTree(name, shown);
  useFileChanges(name, tree, shown);
  const { drafts, unsaved } = useDrafts(id);
  const { opened, line, open } = useOpened();
  const [active, setActive] = useState(opened);
  const [followed, setFollowed] = useState(opened);
  const [search, setSearch] = useState("");
  const [ask, setAsk] = useState<FileAsk>();
  const [entered, setEntered] = useState<{ path: string; time: number }>();
  const treeElement = useRef<HTMLDivElement>(null);
  const download = useDownload(name);
  const { uploads, choose, inputs } = useUploads(workspace, () => void tree.refresh());
  const unsavedPaths = useMemo(() => new Set(unsaved.keys()), [unsaved]);
  const focusTree = useCallback(() => treeElement.current?.focus({ preventScroll: true }), []);

  // Also where the browser's back button opened it.
  if (followed !== opened) {
    setFollowed(opened);
    if (opened !== undefined) setActive(opened);
  }
  useEffect(() => {
    if (opened !== undefined) tree.reveal(opened);
  }, [tree, opened]);

  /** Where something new belongs: in the active folder, or beside the active file. */
  const activeFolder = () => {
    const row = state.rows.find((other) => other.kind === "entry" && other.path === active);
    if (row?.kind !== "entry") return "";
    return row.expanded === undefined ? parentOf(row.path) : row.path;
  };

  const onDone = (done: FileDone) => {
    void tree.refresh();
    const goes = opened !== undefined && isWithin(opened, done.path);
    switch (done.kind) {
      case "newFile":
        return open(done.path);
      case "newFolder":
        tree.reveal(done.path);
        return setActive(done.path);
      case "rename":
        drafts.move(id, done.path, done.to);
        tree.reveal(done.to);
        setActive(done.to);
        return goes ? open(done.to + opened.slice(done.path.length)) : undefined;
      case "remove":
        for (const path of unsaved.keys()) if (isWithin(path, done.path)) drafts.drop(id, path);
        setActive(parentOf(done.path) || undefined);
        return goes ? open(undefined) : undefined;
    }
  };

  const newFile = () => setAsk({ kind: "newFile", folder: activeFolder() });
  const newFolder = () => setAsk({ kind: "newFolder", folder: activeFolder() });
  useFileVerbs(name, shown, { newFile, newFolder, upload: () => choose(activeFolder(), "files") });

  const onDrop = (transfer: DataTransfer, folder: string) => {
    void droppedFiles(transfer, folder).then(
      (files) => uploads.add(files),
      (error: unknown) => toaster.failed("Nothing was uploaded: the browser could not read it", error),
    );
  };

  const [first] = state.rows;
  return (
    <section aria-label="Files" className="flex min-h-0 flex-1">
      <div
        className={cn(
          "flex min-h-0 w-full flex-col bg-surface md:w-72 md:shrink-0 md:border-r md:border-line lg:w-80",
          opened !== undefined && "max-md:hidden",
        )}
      >
        <TreeToolbar
          query={search}
          setQuery={setSearch}
          newFile={newFile}
          newFolder={newFolder}
          upload={(kind) => choose(activeFolder(), kind)}
          refresh={() => void tree.refresh()}
        />
        <UnsavedMenu
          paths={[...unsavedPaths].filter((path) => path !== opened)}
          others={opened !== undefined}
          open={open}
        />
        {inputs}
        {search.trim() !== "" && <SearchPanel name={name} query={search} open={open} />}
        <DropZone onDrop={onDrop} className={search.trim() === "" ? "" : "hidden"}>
          {state.root === "loading" && <TreeSkeleton />}
          {state.root === "failed" && first?.kind === "note" && first.note.kind === "failed" && (
            <div role="alert" className="p-4">
              <ProblemText problem={first.note.problem} />
              <Button size="small" className="mt-3" onClick={() => void tree.refresh()}>
                Try again
              </Button>
            </div>
          )}
          {state.root === "ready" && first?.kind === "note" && first.note.kind === "empty" ? (
            <div className="flex flex-1 flex-col items-center justify-center gap-1 px-6 py-10 text-center text-sm">
              <p className="font-medium">There is no file yet</p>
              <p className="text-muted">Drop some here, or make one.</p>
              <Button size="small" className="mt-3" onClick={() => setAsk({ kind: "newFile", folder: "" })}>
                New file…
              </Button>
            </div>
          ) : (
            state.root === "ready" && (
              <FileTree
                ref={treeElement}
                label={`Files of ${name}`}
                rows={state.rows}
                active={active}
                opened={opened}
                unsaved={unsavedPaths}
                activate={setActive}
                open={(row, { enter }) => {
                  if (row.expanded === undefined) {
                    setEntered((before) => (enter ? { path: row.path, time: (before?.time ?? 0) + 1 } : undefined));
                    open(row.path);
                  } else if (row.expanded) tree.collapse(row.path);
                  else tree.expand(row.path);
                }}
                expand={tree.expand}
                collapse={tree.collapse}
                rename={({ path, expanded }) => setAsk({ kind: "rename", path, isFolder: expanded !== undefined })}
                remove={({ path, expanded }) => setAsk({ kind: "remove", path, isFolder: expanded !== undefined })}
                retry={(folder) => void tree.refresh([folder])}
                menu={{
                  ask: setAsk,
                  upload: (folder) => choose(folder, "files"),
                  download: (path, kind) => void download(path, kind),
                }}
              />
            )
          )}
        </DropZone>
        <UploadsTray uploads={uploads} />
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
            entered={entered?.path === opened ? entered?.time : undefined}
            leave={() => open(undefined)}
            onSaved={() => void tree.refresh()}
          />
        )}
      </div>
      <FileDialogs
        name={name}
        ask={ask}
        unsaved={unsavedPaths}
        close={() => setAsk(undefined)}
        done={onDone}
        focusTree={focusTree}
      />
    </section>
  );
}

/** Which file is open stands in the address, so that it can be sent to somebody and found again. */
function useOpened() {
  const [query, setQuery] = useSearchParams();
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
  const line = Number.parseInt(query.get("line") ?? "", 10) || undefined;
  return { opened: query.get("path") || undefined, line, open };
}

/** As high as the rows that follow it. */
function TreeSkeleton() {
  return (
    <div role="status" className="px-4 py-1">
      <span className="sr-only">Loading the files…</span>
      {["w-24", "w-32", "w-20", "w-40", "w-28", "w-36", "w-26", "w-30"].map((width) => (
        <div key={width} className="flex h-7 items-center pointer-coarse:h-11">
          <Skeleton className={`h-3.5 ${width}`} />
        </div>
      ))}
    </div>
  );
}
