import { Download, Save, WrapText } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { lazyPart } from "../../components/lazy-part.ts";
import { PartFrame } from "../../components/part-boundary.tsx";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Tooltip } from "../../components/ui/tooltip.tsx";
import { toProblem, type Problem } from "../../problem.ts";
import { useServices } from "../../services.ts";
import { AskAboutText } from "./ask-about-text.tsx";
import type { Selected } from "../../components/code/code-editor.tsx";
import { ConflictBar } from "./conflict-bar.tsx";
import { useDownload } from "./download.ts";
import { useDrafts } from "./drafts-context.tsx";
import { FileHeader } from "./file-header.tsx";
import type { LoadedFile, LoadFileOptions } from "./load-file.ts";
import { ReadOnlyBar, ReadOnlyNotice } from "./read-only-notice.tsx";
import { useKnownFile } from "./use-file.ts";

const CodeEditor = lazyPart(() => import("../../components/code/code-editor.tsx"));
const CodeCompare = lazyPart(() => import("./code-compare.tsx"));

interface TextViewProps {
  id: string;
  name: string;
  path: string;
  line: number | undefined;
  shown: boolean;
  entered: number | undefined;
  wanted: LoadFileOptions;
  /** What it is by now; undefined where that is not known. */
  file: LoadedFile | undefined;
  /** Whether it was removed while it was edited. */
  gone: boolean;
  /** Why it is not known what the worker has by now. */
  problem: Problem | undefined;
  reload: () => Promise<unknown>;
  leave: () => void;
  onSaved: () => void;
}

const WRAP_KEY = "ws.files.wrap";

/** A text and its editor. What somebody else wrote meanwhile is never overwritten unseen. */
export function TextView(props: TextViewProps) {
  const { id, name, path, line, shown, entered, wanted, file, gone, problem, reload, leave, onSaved } = props;
  const { client } = useServices();
  const { drafts, unsaved } = useDrafts(id);
  const know = useKnownFile();
  const download = useDownload(name);
  const [saving, setSaving] = useState(false);
  const [failed, setFailed] = useState<Problem>();
  const [comparing, setComparing] = useState(false);
  const [selected, setSelected] = useState<Selected>();
  const [wrap, setWrap] = useState(() => localStorage.getItem(WRAP_KEY) === "1");

  const draft = unsaved.get(path);
  const theirs = file?.kind === "text" ? file.text : undefined;
  const known = theirs?.version ?? (gone ? "absent" : file?.stat.version);
  const version = draft?.version ?? theirs?.version ?? "absent";
  const text = draft?.text ?? theirs?.content ?? "";
  const isLink = file?.stat.type === "symlink";
  const cut = theirs?.truncated === true;
  const readOnly = cut || isLink || file?.stat.writable === false;
  // Written by somebody else, or by a save whose answer was lost.
  const isTheirs = draft !== undefined && theirs?.truncated === false && draft.text === theirs.content;
  const conflict =
    draft === undefined || isTheirs || known === undefined || draft.version === known
      ? undefined
      : gone
        ? "gone"
        : theirs === undefined
          ? "replaced"
          : "changed";
  useEffect(() => {
    if (isTheirs) drafts.drop(id, path);
  }, [isTheirs, drafts, id, path]);

  const edit = (changed: string) => {
    const base = draft?.base ?? theirs?.content ?? "";
    drafts.keep(id, path, { text: changed, base, version });
  };

  /** `expected` is the version that may be replaced. */
  const save = async (expected: string) => {
    if (readOnly || saving || draft === undefined) return;
    setSaving(true);
    setFailed(undefined);
    try {
      const written = await client.files.write({ name, path, content: draft.text, expect: expected });
      const now = drafts.of(id).get(path);
      // What was typed meanwhile goes on from what was saved.
      if (now === undefined || now.text === draft.text) drafts.drop(id, path);
      else drafts.keep(id, path, { text: now.text, base: draft.text, version: written.version });
      if (file?.kind === "text" && theirs !== undefined) {
        const { version: newVersion, size } = written;
        know(wanted, {
          ...file,
          stat: { ...file.stat, size, version: newVersion },
          text: { ...theirs, content: draft.text, size, version: newVersion },
        });
      } else await reload();
      setComparing(false);
      onSaved();
    } catch (error) {
      const refused = toProblem(error);
      // The newer content, once it is there, makes the conflict.
      if (CONFLICTS.has(refused.code)) await reload();
      setFailed(refused);
    } finally {
      setSaving(false);
    }
  };

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    // The browser would save the dashboard's page.
    event.preventDefault();
    if (conflict === undefined) void save(version);
  });
  useEffect(() => {
    if (!shown) return undefined;
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [shown]);

  return (
    <>
      <FileHeader path={path} unsaved={draft !== undefined} leave={leave}>
        <AskAboutText path={path} selected={selected} unsaved={draft !== undefined} />
        <Tooltip content={wrap ? "Long lines are wrapped" : "Wrap long lines"}>
          <Button
            variant={wrap ? "pressed" : "ghost"}
            size="iconSmall"
            aria-label="Wrap long lines"
            aria-pressed={wrap}
            onClick={() => {
              localStorage.setItem(WRAP_KEY, wrap ? "0" : "1");
              setWrap(!wrap);
            }}
          >
            <WrapText aria-hidden />
          </Button>
        </Tooltip>
        <Tooltip content="Download">
          <Button
            variant="ghost"
            size="iconSmall"
            aria-label="Download this file"
            onClick={() => void download(path, "file")}
          >
            <Download aria-hidden />
          </Button>
        </Tooltip>
        {!readOnly && (
          <Button
            size="small"
            variant={draft === undefined ? "secondary" : "primary"}
            busy={saving}
            disabled={draft === undefined || conflict !== undefined}
            aria-keyshortcuts="Control+S Meta+S"
            onClick={() => void save(version)}
          >
            {!saving && <Save aria-hidden />}
            Save
          </Button>
        )}
      </FileHeader>
      {file?.stat.writable === false && <ReadOnlyNotice name={name} />}
      {isLink && (
        <ReadOnlyBar>Read-only: this is a link to {file.stat.target}. Open that file to change it.</ReadOnlyBar>
      )}
      {cut && <ReadOnlyBar>Read-only: only the first {theirs.linesRead} lines are shown.</ReadOnlyBar>}
      {problem !== undefined && (
        <Notice tone="warn" title="It is not known what the worker has now" className="m-2 shrink-0">
          <ProblemText problem={problem} />
        </Notice>
      )}
      {failed !== undefined && !(conflict !== undefined && CONFLICTS.has(failed.code)) && (
        <Notice tone="bad" title="It was not saved" urgent className="m-2 shrink-0">
          <ProblemText problem={failed} />
        </Notice>
      )}
      {conflict !== undefined && (
        <ConflictBar
          kind={conflict}
          busy={saving}
          comparing={comparing}
          keepMine={() => void save(known ?? "absent")}
          takeTheirs={() => {
            drafts.drop(id, path);
            setComparing(false);
            if (conflict === "gone") leave();
          }}
          compare={() => setComparing(!comparing)}
        />
      )}
      <PartFrame fallback={<EditorSkeleton />}>
        {comparing && conflict === "changed" && (
          <div className="flex min-h-0 flex-1 flex-col bg-terminal">
            <CodeCompare path={path} mine={text} theirs={theirs?.content ?? ""} onChange={edit} />
          </div>
        )}
        {/* Stays behind it, because its undo brings back what was given up. */}
        <div className="flex min-h-0 flex-1 flex-col bg-terminal" hidden={comparing && conflict === "changed"}>
          <CodeEditor {...{ path, text, readOnly, line, entered, wrap }} onChange={edit} onSelect={setSelected} />
        </div>
      </PartFrame>
    </>
  );
}

const CONFLICTS = new Set(["file_changed", "file_exists", "file_not_found"]);

function EditorSkeleton() {
  return (
    <LoadingLines
      label="Loading the editor…"
      widths={["w-64", "w-48", "w-80"]}
      className="min-h-0 flex-1 bg-terminal px-4 py-4"
    />
  );
}
