import type { Theme } from "../theme.ts";
import { fontFamilyOf, type TerminalLook } from "./look.ts";
import { schemeOf } from "./schemes.ts";

/** A few lines as a terminal would show them. */
export function LookSample({ look, theme }: { look: TerminalLook; theme: Theme }) {
  const { ground, ink, cursor, colours } = schemeOf(look.scheme, theme);
  const style = {
    background: ground,
    color: ink,
    fontFamily: fontFamilyOf(look, "var(--font-mono)"),
    fontSize: look.size,
    lineHeight: look.lineHeight * 1.2,
  };
  const cursorStyle = {
    block: { background: cursor, width: "0.6em" },
    bar: { background: cursor, width: 2 },
    underline: { borderBottom: `2px solid ${cursor}`, width: "0.6em" },
  }[look.cursor];
  return (
    <div aria-hidden className="overflow-hidden rounded-t-xl px-4 py-3 whitespace-pre" style={style}>
      <div>~/project $ git status --short</div>
      <div> M src/main.ts</div>
      <div className="flex">
        ~/project $ <span className="inline-block h-[1.2em]" style={cursorStyle} />
      </div>
      <div className="mt-2 flex gap-1">
        {colours.slice(1, 7).map((colour, at) => (
          // Their order is fixed; two of them may be the same.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={at} className="size-3 rounded-full" style={{ background: colour }} />
        ))}
      </div>
    </div>
  );
}
