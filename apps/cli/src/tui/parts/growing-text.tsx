import type { FollowedText } from "../state/follow-text.ts";
import { Words } from "./line.tsx";

/** A text that stays at its end while it grows, unless somebody has scrolled up. The arrows, the pages and the wheel scroll. */
export function GrowingText({ followed, empty }: { followed: FollowedText; empty: string }) {
  const { text, isThere, problem } = followed;
  if (problem !== undefined) return <Words pieces={[[problem, "bad"]]} rows={4} />;
  if (text === "") return <Words pieces={[[isThere ? empty : "Asking the worker …", "muted"]]} />;
  return (
    <scrollbox flexGrow={1} focused stickyScroll stickyStart="bottom" scrollbarOptions={{ visible: false }}>
      <Words pieces={[text.replace(/\n$/, "")]} />
    </scrollbox>
  );
}
