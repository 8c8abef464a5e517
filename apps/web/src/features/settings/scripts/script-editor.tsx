import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { lazyPart } from "../../../components/lazy-part.ts";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Notice } from "../../../components/notice.tsx";
import { PartFrame } from "../../../components/part-boundary.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Section } from "../../../components/ui/page.tsx";
import { useToaster } from "../../../components/ui/toast.tsx";
import { useKept } from "../../../components/kept-context.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { faultOfScript, isUnsaved, type ScriptDraft } from "./draft.ts";

const CodeEditor = lazyPart(() => import("../../../components/code/code-editor.tsx"));

/** One script of the worker's. What is written in it outlasts going elsewhere, and the browser asks before that is lost. */
export function ScriptEditor({ name, close }: { name: string; close: () => void }) {
  const { queries } = useServices();
  const [draft, setDraft] = useKept<ScriptDraft>(`settings/scripts/${name}`, isUnsaved);
  // What is being written is not replaced by what another has made of it meanwhile: saving says so.
  const file = useQuery({
    ...queries.config.scripts.files.get.queryOptions({ input: { name } }),
    refetchOnWindowFocus: false,
  });
  const shown: ScriptDraft | undefined =
    draft ?? (file.data && { revision: file.data.revision, saved: file.data.content, text: file.data.content });
  return (
    <Section title={name} bare>
      <FailedQuery query={file} title="The script could not be read" />
      {shown === undefined ? (
        file.isPending && <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />
      ) : (
        <Editing
          name={name}
          draft={shown}
          change={setDraft}
          again={() => {
            setDraft(undefined);
            void file.refetch();
          }}
          close={close}
        />
      )}
    </Section>
  );
}

interface EditingProps {
  name: string;
  draft: ScriptDraft;
  /** Undefined gives up what was written. */
  change: (draft: ScriptDraft | undefined) => void;
  /** Takes what the worker has now. */
  again: () => void;
  close: () => void;
}

function Editing({ name, draft, change, again, close }: EditingProps) {
  const { client, queries } = useServices();
  const toaster = useToaster();
  const cache = useQueryClient();
  const { busy, problem, refused, attempt } = useAttempt(() => undefined, ["content"]);
  const latest = useRef(draft.text);
  const unsaved = isUnsaved(draft);
  const fault = unsaved ? (faultOfScript(draft.text) ?? refused["content"]) : undefined;
  const save = () => {
    if (!unsaved || fault !== undefined) return;
    const { text } = draft;
    attempt(async () => {
      const { revision: expect } = draft;
      const saved = await client.config.scripts.files.put({ name, content: text, ...(expect && { expect }) });
      cache.setQueryData(queries.config.scripts.files.get.queryKey({ input: { name } }), saved);
      // What was typed meanwhile stays.
      const now = latest.current;
      change(now === text ? undefined : { revision: saved.revision, saved: text, text: now });
      toaster.done(`${name} is saved. It runs with the next start.`);
      await cache.invalidateQueries({ queryKey: queries.config.scripts.files.list.key() });
    });
  };
  return (
    <div
      className="overflow-hidden rounded-xl border border-line bg-surface"
      role="presentation"
      onKeyDown={(event) => {
        if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        save();
      }}
    >
      <div className="flex h-96 flex-col">
        <PartFrame fallback={<LoadingLines label="Loading…" widths={["w-44", "w-56"]} className="p-4" />}>
          <CodeEditor
            path={name.includes(".") ? name : `${name}.sh`}
            text={draft.text}
            readOnly={false}
            line={undefined}
            entered={undefined}
            wrap
            onChange={(text) => {
              latest.current = text;
              change({ ...draft, text });
            }}
            onSelect={() => undefined}
          />
        </PartFrame>
      </div>
      {problem !== undefined && (
        <Notice tone="bad" title="It was not saved" urgent className="m-3">
          <ProblemText problem={problem} />
          {problem.code === "file_changed" && (
            <Button size="small" className="mt-3" onClick={again}>
              Take what is there now
            </Button>
          )}
        </Notice>
      )}
      <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
        <p role="status" className="mr-auto text-[0.8125rem] text-muted">
          {fault === undefined ? unsaved ? "Not saved" : "Saved" : <span className="text-bad">{fault}</span>}
        </p>
        <Button size="small" onClick={unsaved ? () => change(undefined) : close}>
          {unsaved ? "Discard changes" : "Close"}
        </Button>
        <Button size="small" variant="primary" busy={busy} disabled={!unsaved || fault !== undefined} onClick={save}>
          Save
        </Button>
      </div>
    </div>
  );
}
