import { cn } from "../ui/cn.ts";
import { withNumbers } from "../with-numbers.tsx";
import type { Style } from "./ansi.ts";
import { paintOf } from "./colours.ts";

/** A piece of what a program wrote, in its style; hidden characters stand as their numbers. `hit` is what was searched. */
export function StyledText({ text, style, hit = false }: { text: string; style: Style; hit?: boolean }) {
  const shown = withNumbers(text);
  const plain = Object.keys(style).length === 0;
  if (hit) return <mark className="rounded-sm bg-warn-soft text-ink outline outline-warn/60">{shown}</mark>;
  if (plain) return shown;
  return (
    <span
      style={paintOf(style)}
      className={cn(
        style.bold && "font-semibold",
        style.italic && "italic",
        style.dim && "text-muted",
        style.underline && style.strike
          ? "[text-decoration:underline_line-through]"
          : (style.underline && "underline") || (style.strike && "line-through"),
        // What a program hides is there to be found, as in a terminal.
        style.hidden && "rounded-sm bg-raised text-muted",
      )}
    >
      {shown}
    </span>
  );
}
