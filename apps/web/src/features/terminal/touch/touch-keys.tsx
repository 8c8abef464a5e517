import { AArrowDown, AArrowUp, ClipboardPaste } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../../../components/ui/cn.ts";
import { TOUCH_KEYS, type Modifiers, type TouchKey } from "./modifiers.ts";

interface TouchKeysProps {
  modifiers: Modifiers;
  tap: (modifier: keyof Modifiers) => void;
  press: (key: TouchKey) => void;
  paste: () => void;
  /** Makes letters larger, or smaller. */
  resize: (by: 1 | -1) => void;
}

/** The keys that a phone's keyboard lacks, in a row that scrolls. Pressing one leaves the focus, and so the keyboard, where it is. */
export function TouchKeys({ modifiers, tap, press, paste, resize }: TouchKeysProps) {
  const keys = (group: keyof typeof TOUCH_KEYS) =>
    TOUCH_KEYS[group].map((key) => (
      <Key key={key.name} name={key.name} act={() => press(key)}>
        {key.label}
      </Key>
    ));
  return (
    <div
      role="toolbar"
      aria-label="Terminal keys"
      className="hidden shrink-0 touch-pan-x gap-1.5 overflow-x-auto overscroll-x-contain border-t border-line bg-surface px-2 py-1.5 pr-[max(0.5rem,env(safe-area-inset-right))] pb-[max(0.375rem,env(safe-area-inset-bottom))] pl-[max(0.5rem,env(safe-area-inset-left))] pointer-coarse:flex short:py-1"
    >
      {keys("first")}
      {(["ctrl", "alt"] as const).map((modifier) => (
        <Key
          key={modifier}
          name={modifier === "ctrl" ? "Ctrl" : "Alt"}
          held={modifiers[modifier]}
          act={() => tap(modifier)}
        >
          {modifier === "ctrl" ? "Ctrl" : "Alt"}
        </Key>
      ))}
      {keys("arrows")}
      <Key name="Paste" act={paste}>
        <ClipboardPaste aria-hidden className="size-4.5" />
      </Key>
      {keys("more")}
      <Key name="Smaller letters" act={() => resize(-1)}>
        <AArrowDown aria-hidden className="size-4.5" />
      </Key>
      <Key name="Larger letters" act={() => resize(1)}>
        <AArrowUp aria-hidden className="size-4.5" />
      </Key>
    </div>
  );
}

interface KeyProps {
  name: string;
  held?: Modifiers["ctrl"];
  act: () => void;
  children: ReactNode;
}

function Key({ name, held, act, children }: KeyProps) {
  return (
    <button
      type="button"
      aria-label={held === "locked" ? `${name}, locked` : name}
      aria-pressed={held === undefined ? undefined : held !== "off"}
      className={cn(
        "grid h-11 min-w-11 shrink-0 grow place-items-center rounded-md px-1.5 font-mono text-sm select-none short:h-9",
        held === undefined || held === "off" ? "bg-raised text-ink active:bg-line" : "bg-accent text-on-accent",
        // Locked, it says so without a colour too.
        held === "locked" && "underline decoration-2 underline-offset-4",
      )}
      onPointerDown={(event) => event.preventDefault()}
      onClick={act}
    >
      {children}
    </button>
  );
}
