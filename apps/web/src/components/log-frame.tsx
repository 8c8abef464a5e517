import { useLayoutEffect, useRef, type ReactNode } from "react";
import { cn } from "./ui/cn.ts";

interface LogFrameProps {
  label: string;
  /** Whether the end stays in sight as it grows. */
  follow: boolean;
  setFollow: (follow: boolean) => void;
  className: string;
  children: ReactNode;
}

/** What grows at its end. Scrolling up stops following it, and scrolling to the end starts that again. */
export function LogFrame({ label, follow, setFollow, className, children }: LogFrameProps) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (follow && frame.current !== null) frame.current.scrollTop = frame.current.scrollHeight;
  });
  return (
    // Focusable, so that the keyboard can scroll it.
    <div
      ref={frame}
      role="log"
      aria-live="off"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className={cn("bg-terminal -outline-offset-2", className)}
      onScroll={({ currentTarget: at }) => setFollow(at.scrollHeight - at.scrollTop - at.clientHeight < 24)}
    >
      {children}
    </div>
  );
}
