import { useEffect, useRef } from "react";
import { cn } from "../../components/ui/cn.ts";
import { Kbd } from "../../components/ui/kbd.tsx";
import type { Verb } from "../../components/verbs/verbs.ts";
import { visible } from "../../components/visible.ts";

interface VerbOptionProps {
  id: string;
  verb: Verb;
  active: boolean;
  /** Whether what it belongs to is said beside it, and not above. */
  withGroup: boolean;
  point: () => void;
  choose: () => void;
}

/** One verb in the palette. Keys reach it from the field, which keeps the focus. */
export function VerbOption({ id, verb, active, withGroup, point, choose }: VerbOptionProps) {
  const { label, group, detail, icon: Icon, keys, disabled } = verb;
  const beside = disabled ?? [detail, withGroup ? group : undefined].filter((text) => text !== undefined).join(" · ");
  const option = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) option.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    // Its keys are those of the field.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      ref={option}
      id={id}
      role="option"
      aria-selected={active}
      aria-disabled={disabled !== undefined}
      className={cn(
        "flex min-h-9 items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm select-none pointer-coarse:min-h-11",
        active && "bg-raised",
        disabled === undefined ? "cursor-pointer text-ink" : "text-muted",
      )}
      onPointerMove={point}
      onClick={choose}
    >
      <span className="flex size-4 shrink-0 items-center justify-center text-muted [&_svg]:size-4" aria-hidden>
        {Icon !== undefined && <Icon />}
      </span>
      <span className="min-w-0 shrink-0 truncate max-sm:shrink">{visible(label)}</span>
      <span className="min-w-0 flex-1 truncate text-right text-[0.8125rem] text-muted">{visible(beside)}</span>
      {keys !== undefined && <Kbd keys={keys} className="pointer-coarse:hidden" />}
    </div>
  );
}
