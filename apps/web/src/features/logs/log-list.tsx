import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef } from "react";
import { StyledText } from "../../components/output/styled-text.tsx";
import { useScrolled } from "../../components/output/use-scrolled.ts";
import { cn } from "../../components/ui/cn.ts";
import type { LogLine } from "./log-lines.ts";
import { marked } from "./log-search.ts";

interface LogListProps {
  lines: readonly LogLine[];
  query: string;
  /** The index of the line that was gone to. */
  current: number | undefined;
  wrap: boolean;
  times: boolean;
  follow: boolean;
  setFollow: (follow: boolean) => void;
}

const LINE_PX = 20;

/** Lines of which only those in sight are in the page. */
export function LogList({ lines, query, current, wrap, times, follow, setFollow }: LogListProps) {
  const frame = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- what it returns is used here only
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    getItemKey: (index) => lines[index]?.id ?? index,
    estimateSize: () => LINE_PX,
    overscan: 24,
  });
  const total = list.getTotalSize();
  useLayoutEffect(() => list.measure(), [list, wrap, times]);
  useLayoutEffect(() => {
    if (follow && frame.current !== null) frame.current.scrollTop = frame.current.scrollHeight;
  }, [follow, lines, total]);
  useEffect(() => {
    if (current !== undefined) list.scrollToIndex(current, { align: "center" });
  }, [list, current]);
  const scrolled = useScrolled(frame);
  return (
    // Focusable, so that the keyboard can scroll it.
    <div
      ref={frame}
      role="log"
      aria-live="off"
      aria-label="Log lines"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto bg-terminal font-mono text-[0.8125rem] leading-5 -outline-offset-2"
      onScroll={({ currentTarget: at }) => {
        if (!scrolled.current) return;
        const atEnd = at.scrollHeight - at.scrollTop - at.clientHeight < 24;
        if (atEnd !== follow) setFollow(atEnd);
        if (atEnd) scrolled.current = false;
      }}
    >
      <div className="relative my-2" style={{ height: total }}>
        {list.getVirtualItems().map(({ key, index, start }) => {
          const line = lines[index];
          return (
            line !== undefined && (
              <div
                key={key}
                ref={list.measureElement}
                data-index={index}
                className={cn(
                  "absolute top-0 left-0 flex gap-3 px-4 sm:px-6",
                  wrap ? "right-0" : "w-max min-w-full",
                  index === current && "bg-accent-soft",
                )}
                style={{ transform: `translateY(${start}px)` }}
              >
                {times && <Time at={line.at} />}
                {/* Its own direction: what is written from right to left turns nothing of the page round. */}
                <p
                  dir="ltr"
                  className={cn(
                    "min-h-5 min-w-0 flex-1 [unicode-bidi:isolate] [tab-size:8]",
                    wrap ? "[overflow-wrap:anywhere] whitespace-pre-wrap" : "whitespace-pre",
                    line.source !== "output" && "text-muted",
                    (line.source === "agent" || line.source === "script") && "text-ink",
                  )}
                >
                  {marked(line, query).map((part, at) => (
                    // A line does not change any more.
                    // oxlint-disable-next-line react/no-array-index-key
                    <StyledText key={at} {...part} />
                  ))}
                </p>
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

/** The Swedish form is that of the command line: `2026-03-01 14:05:09`. */
const local = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "medium" });

function Time({ at }: { at: number | undefined }) {
  const text = at === undefined ? "" : local.format(at);
  return (
    <span className="shrink-0 text-muted tabular-nums select-none" title={text}>
      <span className="max-sm:hidden">{text.slice(0, 11).padEnd(11)}</span>
      <span className="inline-block w-16">{text.slice(11)}</span>
    </span>
  );
}
