import { Keyboard } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { DialogFrame } from "../../components/dialog-frame.tsx";
import { lazyPart } from "../../components/lazy-part.ts";
import { createKeySequence } from "../../components/verbs/key-sequence.ts";
import { isInTerminal, isMac, opensPalette, takesLetters } from "../../components/verbs/typing.ts";
import { useVerbRegistry, useVerbs } from "../../components/verbs/verbs-context.tsx";
import type { VerbRegistry } from "../../components/verbs/verbs.ts";
import { useServices } from "../../services.ts";

export const loadPanels = () => import("./palette.tsx");
const Palette = lazyPart(loadPanels);
const KeysSheet = lazyPart(() => import("./keys-sheet.tsx"));

/** The keys of the page, and over it the command palette or the sheet of keys. */
export function VerbPanels() {
  const registry = useVerbRegistry();
  const panel = useSyncExternalStore(registry.subscribe, registry.panel);
  useKeys(registry);
  useVerbs(() => [
    {
      id: "keys",
      label: "Keyboard shortcuts",
      group: "Help",
      words: "help keys hotkeys map",
      icon: Keyboard,
      keys: "?",
      run: () => registry.show("keys"),
    },
  ]);
  const close = () => registry.show(undefined);
  return (
    panel !== undefined && (
      <DialogFrame key={panel} close={close}>
        {panel === "palette" ? <Palette close={close} /> : <KeysSheet close={close} />}
      </DialogFrame>
    )
  );
}

function useKeys(registry: VerbRegistry): void {
  const { timers } = useServices();
  useEffect(() => {
    const sequence = createKeySequence(timers.now);
    const mac = isMac();
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || takesLetters(event.target)) return;
      const verbs = registry.verbs().filter(({ keys }) => keys !== undefined);
      const keys = sequence.press(
        event,
        verbs.flatMap((verb) => verb.keys ?? []),
      );
      const verb = verbs.find((one) => keys !== undefined && one.keys === keys);
      if (verb === undefined || verb.disabled !== undefined) return;
      event.preventDefault();
      verb.run();
    };
    // Before a terminal or an editor sees it: it is theirs only where it does not open the palette.
    const onFirst = (event: KeyboardEvent) => {
      if (!opensPalette(event, { mac, terminal: isInTerminal(event.target) })) return;
      event.preventDefault();
      event.stopPropagation();
      registry.show(registry.panel() === "palette" ? undefined : "palette");
    };
    document.addEventListener("keydown", onFirst, { capture: true });
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onFirst, { capture: true });
      document.removeEventListener("keydown", onKey);
    };
  }, [registry, timers]);
}
