import { useVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, type ReactNode } from "react";
import { bytes } from "../amounts.ts";
import { cn } from "../ui/cn.ts";
import type { Output, OutputLine } from "./output-lines.ts";
import { StyledText } from "./styled-text.tsx";
import { useScrolled } from "./use-scrolled.ts";

interface OutputViewProps {
  label: string;
  output: Output;
  /** Whether the end stays in sight as it grows. */
  follow: boolean;
  setFollow: (follow: boolean) => void;
  className?: string;
}

/** What a program said, as text. Lines wrap, so only those in sight are measured and in the page. */
export function OutputView({ label, output, follow, setFollow, className }: OutputViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { lines, dropped } = output;
  const count = lines.length + (dropped ? 1 : 0);
  // oxlint-disable-next-line react/incompatible-library -- what it returns is used here only
  const list = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => 20,
    overscan: 20,
  });
  const total = list.getTotalSize();
  useLayoutEffect(() => {
    if (follow && frame.current !== null) frame.current.scrollTop = frame.current.scrollHeight;
  }, [follow, output, total]);
  const scrolled = useScrolled(frame);

  return (
    // Focusable, so that the keyboard can scroll it.
    <div
      ref={frame}
      role="log"
      aria-live="off"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className={cn("overflow-y-auto bg-terminal font-mono text-xs leading-5 -outline-offset-2", className)}
      onScroll={({ currentTarget: at }) => {
        if (!scrolled.current) return;
        const atEnd = at.scrollHeight - at.scrollTop - at.clientHeight < 24;
        if (atEnd !== follow) setFollow(atEnd);
        if (atEnd) scrolled.current = false;
      }}
    >
      <div className="relative my-2" style={{ height: total }}>
        {list.getVirtualItems().map(({ index, start }) => {
          const line = lines[dropped ? index - 1 : index];
          return (
            <div
              key={index}
              ref={list.measureElement}
              data-index={index}
              className="absolute inset-x-0 top-0 px-3.5"
              style={{ transform: `translateY(${start}px)` }}
            >
              {line === undefined ? (
                <Remark>Earlier output is not shown here. Download it to read all of it.</Remark>
              ) : (
                <Line line={line} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Line({ line }: { line: OutputLine }) {
  switch (line.kind) {
    case "gap":
      return <Remark>{bytes(line.bytes)} were not kept</Remark>;
    case "attempt":
      return <Remark>Attempt {line.attempt}</Remark>;
    case "text":
      return (
        // Its own direction: what is written from right to left turns nothing of the page round.
        <p
          dir="ltr"
          className="min-h-5 [unicode-bidi:isolate] whitespace-pre-wrap [overflow-wrap:anywhere] [tab-size:8]"
        >
          {line.parts.map(({ text, style }, at) => (
            // A line only ever grows at its end.
            // oxlint-disable-next-line react/no-array-index-key
            <StyledText key={at} text={text} style={style} />
          ))}
          {line.cut > 0 && (
            <span className="text-muted select-none"> … {line.cut.toLocaleString()} more characters in this line</span>
          )}
        </p>
      );
  }
}

function Remark({ children }: { children: ReactNode }) {
  return (
    <p className="my-1 flex items-center gap-3 font-sans text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      {children}
    </p>
  );
}
