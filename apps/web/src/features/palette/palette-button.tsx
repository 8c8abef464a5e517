import { Search } from "lucide-react";
import { Button } from "../../components/ui/button.tsx";
import { Kbd } from "../../components/ui/kbd.tsx";
import { isMac } from "../../components/verbs/typing.ts";
import { useVerbRegistry } from "../../components/verbs/verbs-context.tsx";

/** Opens the command palette by pointer, and says by which keys it opens. */
export function PaletteButton() {
  const registry = useVerbRegistry();
  const mac = isMac();
  return (
    <Button
      variant="ghost"
      size="small"
      className="max-sm:px-2.5 pointer-coarse:min-w-11"
      aria-label="Command palette"
      aria-haspopup="dialog"
      aria-keyshortcuts={mac ? "Meta+K" : "Control+K"}
      onClick={() => registry.show("palette")}
    >
      <Search aria-hidden />
      <span className="max-lg:hidden">Go to, or do</span>
      <span className="max-lg:hidden" aria-hidden>
        <Kbd keys={mac ? "⌘ K" : "Ctrl K"} />
      </span>
    </Button>
  );
}
