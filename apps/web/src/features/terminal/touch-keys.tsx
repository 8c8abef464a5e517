import { cn } from "../../components/ui/cn.ts";
import { touchKeys } from "./typed.ts";

interface TouchKeysProps {
  ctrl: boolean;
  onCtrl: () => void;
  onKey: (data: string) => void;
}

/** The keys that a phone's keyboard lacks. Pressing one leaves the focus, and so the keyboard, where it is. */
export function TouchKeys({ ctrl, onCtrl, onKey }: TouchKeysProps) {
  return (
    <div
      role="toolbar"
      aria-label="Terminal keys"
      className="hidden gap-1.5 border-t border-line bg-surface px-2 py-1.5 pb-[max(0.375rem,env(safe-area-inset-bottom))] pointer-coarse:flex short:pt-1"
    >
      {touchKeys.map((key) => (
        <button
          key={key.label}
          type="button"
          aria-label={"name" in key ? key.name : undefined}
          aria-pressed={key.data === "ctrl" ? ctrl : undefined}
          className={cn(
            "h-10 short:h-8 min-w-0 flex-1 rounded-md font-mono text-sm",
            key.data === "ctrl" && ctrl ? "bg-accent text-on-accent" : "bg-raised text-ink active:bg-line",
          )}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => (key.data === "ctrl" ? onCtrl() : onKey(key.data))}
        >
          {key.label}
        </button>
      ))}
    </div>
  );
}
