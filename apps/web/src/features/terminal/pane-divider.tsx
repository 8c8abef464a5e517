import type { KeyboardEvent, PointerEvent } from "react";
import { cn } from "../../components/ui/cn.ts";
import { SMALLEST_SHARE } from "./layout/layout.ts";
import type { Border } from "./layout/rectangles.ts";

interface PaneDividerProps {
  border: Border;
  /** What lies at its two sides. */
  label: string;
  resize: (share: number) => void;
}

const STEP = 0.05;

/** What lies between two panes: drawn with a pointer, moved by the arrow keys, in the middle again by a double click. */
export function PaneDivider({ border, label, resize }: PaneDividerProps) {
  const { axis, share, within } = border;
  const isRow = axis === "row";
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const area = event.currentTarget.parentElement?.getBoundingClientRect();
    if (area === undefined) return;
    const at = isRow ? (event.clientX - area.left) / area.width : (event.clientY - area.top) / area.height;
    resize((at - (isRow ? within.left : within.top)) / (isRow ? within.width : within.height));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = {
      [isRow ? "ArrowLeft" : "ArrowUp"]: share - STEP,
      [isRow ? "ArrowRight" : "ArrowDown"]: share + STEP,
      Home: SMALLEST_SHARE,
      End: 1 - SMALLEST_SHARE,
      Enter: 0.5,
    }[event.key];
    if (next === undefined || event.ctrlKey) return;
    event.preventDefault();
    resize(next);
  };
  return (
    // A line that is moved is a separator, and one that takes the focus is a control.
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={isRow ? "vertical" : "horizontal"}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={SMALLEST_SHARE * 100}
      aria-valuemax={100 - SMALLEST_SHARE * 100}
      title="Drag, or use the arrow keys; double-click for equal halves"
      className={cn(
        "group absolute z-20 touch-none outline-none",
        // Over the margin of what lies behind it, and not over the other's scroll bar.
        isRow
          ? "-ml-0.5 w-3.5 cursor-col-resize pointer-coarse:-ml-3 pointer-coarse:w-6"
          : "-mt-2 h-3 cursor-row-resize pointer-coarse:-mt-3 pointer-coarse:h-6",
      )}
      style={
        isRow
          ? {
              left: percent(within.left + within.width * share),
              top: percent(within.top),
              height: percent(within.height),
            }
          : {
              top: percent(within.top + within.height * share),
              left: percent(within.left),
              width: percent(within.width),
            }
      }
      {...{ onPointerDown, onPointerMove, onKeyDown }}
      onDoubleClick={() => resize(0.5)}
    >
      <span
        aria-hidden
        className={cn(
          "absolute bg-line group-hover:bg-line-strong group-focus-visible:bg-accent group-active:bg-accent",
          isRow
            ? "inset-y-0 left-0.5 w-px group-focus-visible:w-0.75 pointer-coarse:left-3"
            : "inset-x-0 top-2 h-px group-focus-visible:h-0.75 pointer-coarse:top-3",
        )}
      />
    </div>
  );
}

export function percent(share: number): string {
  return `${share * 100}%`;
}
