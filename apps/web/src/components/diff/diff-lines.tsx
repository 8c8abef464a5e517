import { useVirtualizer } from "@tanstack/react-virtual";
import type { GitDiffFile } from "@ws/rpc-contract";
import { useMemo, useRef, type ReactNode } from "react";
import { KindMark } from "./kind-mark.tsx";
import { cn } from "../ui/cn.ts";
import { numberOf, piecesOf, visible } from "../visible.ts";
import { type DiffRow, type Line, type Shape, toDiffRows } from "./rows.ts";
import { type Colours, useColours } from "./use-colours.ts";

interface DiffLinesProps {
  files: readonly GitDiffFile[];
  shape: Shape;
  headers: boolean;
}

/** Of a line that is longer, the beginning: a page is no place for a bundle's one line. */
const MOST_CHARACTERS = 2_000;

/** The lines of a comparison. They wrap, so only those in sight are measured and in the page. */
export function DiffLines({ files, shape, headers }: DiffLinesProps) {
  const frame = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => toDiffRows(files, shape, { headers }), [files, shape, headers]);
  const colours = useColours(files);
  // oxlint-disable-next-line react/incompatible-library -- what it returns is used here only
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 20,
    overscan: 30,
  });
  return (
    // Focusable, so that the keyboard can scroll it.
    <div
      ref={frame}
      role="region"
      aria-label="Lines"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto bg-surface font-mono text-xs leading-5 -outline-offset-2"
    >
      <div className="relative" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <div
              key={index}
              ref={list.measureElement}
              data-index={index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              <Row row={row} colours={colours} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Row({ row, colours }: { row: DiffRow; colours: Colours }) {
  switch (row.kind) {
    case "file":
      return <FileHead file={row.file} />;
    case "note":
      return <p className="px-4 py-2 font-sans text-[0.8125rem] text-muted">{row.text}</p>;
    case "hunk":
      return <p className="truncate bg-raised px-4 py-0.5 text-muted">{row.header}</p>;
    case "line":
      return (
        <div className={cn("flex", ground(row.line))}>
          <LineNumber of={row.line.old} />
          <LineNumber of={row.line.new} />
          <Code line={row.line} colours={colours} />
        </div>
      );
    case "pair":
      return (
        <div className="grid grid-cols-2">
          <Half line={row.old} number={row.old?.old} colours={colours} />
          <Half line={row.new} number={row.new?.new} colours={colours} />
        </div>
      );
  }
}

function FileHead({ file }: { file: GitDiffFile }) {
  const { status, path, additions, deletions } = file;
  return (
    <h3 className="flex items-center gap-2 border-y border-line bg-ground px-3 py-1.5 text-[0.8125rem]">
      <KindMark kind={status} />
      <span className="min-w-0 flex-1 font-semibold break-all">{visible(path)}</span>
      <span className="shrink-0 text-xs font-normal tabular-nums">
        <span className="text-good">+{additions}</span> <span className="text-bad">−{deletions}</span>
      </span>
    </h3>
  );
}

function Half({ line, number, colours }: { line: Line | undefined; number: number | undefined; colours: Colours }) {
  if (line === undefined) return <div className="bg-raised/60" />;
  return (
    <div className={cn("flex min-w-0 border-line not-first:border-l", ground(line))}>
      <LineNumber of={number} />
      <Code line={line} colours={colours} />
    </div>
  );
}

function LineNumber({ of }: { of: number | undefined }) {
  return <span className="w-11 shrink-0 pr-1.5 text-right text-muted tabular-nums select-none">{of}</span>;
}

const signs = { added: "+", deleted: "−", context: " " };

function Code({ line, colours }: { line: Line; colours: Colours }) {
  const { type, text, cut, noNewline } = line;
  const tokens = colours.get(line);
  const long = text.length > MOST_CHARACTERS;
  return (
    <>
      <span className={cn("w-4 shrink-0 text-center select-none", type === "added" ? "text-good" : "text-bad")}>
        {signs[type]}
      </span>
      <code className="min-w-0 flex-1 pr-3 break-words whitespace-pre-wrap [tab-size:4] [overflow-wrap:anywhere]">
        {tokens === undefined || long
          ? shown(text.slice(0, MOST_CHARACTERS))
          : tokens.map((token) => (
              <span key={token.from} className={token.classes}>
                {shown(token.text)}
              </span>
            ))}
        {(long || cut === true) && <span className="text-muted select-none"> … it goes on</span>}
        {noNewline === true && <span className="text-muted select-none"> ⃠ no line end</span>}
      </code>
    </>
  );
}

/** What is hidden in a line may make it read as another, so it stands there as its number. */
function shown(text: string): ReactNode {
  const pieces = piecesOf(text);
  if (pieces.every(({ hidden }) => !hidden)) return text;
  return pieces.map(({ from, text: piece, hidden }) =>
    // A carriage return before the line's end is no more than that.
    hidden && piece !== "\r" ? (
      <span key={from} className="mx-0.5 rounded bg-warn-soft px-1 text-warn" title="A character that is not seen">
        {numberOf(piece)}
      </span>
    ) : (
      <bdi key={from}>{piece}</bdi>
    ),
  );
}

function ground({ type }: Line): string {
  return type === "added" ? "bg-good-soft" : type === "deleted" ? "bg-bad-soft" : "";
}
