import type { GitDiffFile } from "@ws/rpc-contract";
import { ArrowLeft, Columns2, Rows3 } from "lucide-react";
import { useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Failed } from "../states.tsx";
import { DiffLines } from "../../../components/diff/diff-lines.tsx";
import { visible } from "../../../components/visible.ts";
import type { Shape } from "../../../components/diff/rows.ts";

/** Below it two columns of code are too narrow to be read. */
const WIDE = 760;

interface DiffPaneProps {
  title: string;
  /** Above the lines, where there is more to say than a title. */
  about?: ReactNode;
  files: readonly GitDiffFile[] | undefined;
  query: { error: unknown; isFetching: boolean; refetch: () => Promise<unknown> };
  actions?: ReactNode;
  /** Whether each file has a head of its own. */
  headers?: boolean;
  back: () => void;
}

/** A comparison: side by side where there is room for it, unless a person wants it otherwise. */
export function DiffPane({ title, about, files, query, actions, headers = false, back }: DiffPaneProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(false);
  const [wanted, setWanted] = useState<Shape>();
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const look = () => setWide(element.clientWidth >= WIDE);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const shape = wanted ?? (wide ? "split" : "unified");
  const other = shape === "split" ? "unified" : "split";
  const sum = (of: "additions" | "deletions") => files?.reduce((all, file) => all + file[of], 0) ?? 0;
  return (
    <section ref={frame} aria-label={visible(title)} className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 items-center gap-2 border-b border-line px-3 py-2 sm:px-4">
        <Button variant="ghost" size="iconSmall" className="lg:hidden" aria-label="Back to the list" onClick={back}>
          <ArrowLeft aria-hidden />
        </Button>
        <h2 className="min-w-0 flex-1 truncate font-mono text-[0.8125rem] font-semibold" title={visible(title)}>
          {/* The end of a path says more than its beginning. */}
          <bdi>{visible(title)}</bdi>
        </h2>
        {files?.some(({ hunks }) => hunks.length > 0) === true && (
          <span className="shrink-0 font-mono text-xs tabular-nums">
            <span className="text-good">+{sum("additions")}</span> <span className="text-bad">−{sum("deletions")}</span>
          </span>
        )}
        <Button
          variant="ghost"
          size="iconSmall"
          className="max-lg:hidden"
          aria-label={other === "split" ? "Show side by side" : "Show in one column"}
          title={other === "split" ? "Side by side" : "One column"}
          onClick={() => setWanted(other)}
        >
          {other === "split" ? <Columns2 aria-hidden /> : <Rows3 aria-hidden />}
        </Button>
        {actions}
      </div>
      {about}
      {files === undefined && query.error !== null && <Failed title="The changes could not be read" query={query} />}
      {files === undefined && query.error === null && (
        <LoadingLines label="Comparing…" widths={["w-3/4", "w-1/2", "w-2/3"]} className="p-4" />
      )}
      {files !== undefined && <DiffLines files={files} shape={shape} headers={headers} />}
    </section>
  );
}
