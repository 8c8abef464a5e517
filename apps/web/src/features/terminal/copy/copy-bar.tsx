import { Button } from "../../../components/ui/button.tsx";
import { cn } from "../../../components/ui/cn.ts";
import { Kbd } from "../../../components/ui/kbd.tsx";

interface CopyBarProps {
  copy: () => void;
  leave: () => void;
  /** Whether it is at the upper edge: where the cursor is not. */
  isAbove: boolean;
}

/** What copy mode is told by, and left with where there are no keys. */
export function CopyBar({ copy, leave, isAbove }: CopyBarProps) {
  return (
    <div
      role="status"
      className={cn(
        "absolute inset-x-2 z-10 flex flex-wrap items-center gap-x-4 gap-y-1 rounded-lg border border-line bg-surface py-1 pr-1 pl-3 text-[0.8125rem] text-ink shadow-float",
        isAbove ? "top-2" : "bottom-2",
      )}
    >
      <span className="font-medium">Copy mode</span>
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted pointer-coarse:hidden">
        <Hint keys="↑ ↓ ← →">moves</Hint>
        <Hint keys="v">selects</Hint>
        <Hint keys="y">copies</Hint>
        <Hint keys="/">searches</Hint>
        <Hint keys="Esc">leaves</Hint>
      </span>
      <span className="flex-1" />
      {/* The terminal keeps the focus: its keys are what moves here. */}
      <span className="flex gap-1" onPointerDown={(event) => event.preventDefault()}>
        <Button size="small" variant="ghost" onClick={leave}>
          Leave
        </Button>
        <Button size="small" variant="primary" onClick={copy}>
          Copy
        </Button>
      </span>
    </div>
  );
}

function Hint({ keys, children }: { keys: string; children: string }) {
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <Kbd keys={keys} />
      {children}
    </span>
  );
}
