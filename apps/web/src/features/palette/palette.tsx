import { Search } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { cn } from "../../components/ui/cn.ts";
import { overlayClass, panelClass } from "../../components/ui/dialog.tsx";
import { Kbd } from "../../components/ui/kbd.tsx";
import { useFocusBack } from "../../components/use-focus-back.ts";
import { useVerbRegistry } from "../../components/verbs/verbs-context.tsx";
import type { Verb } from "../../components/verbs/verbs.ts";
import { useServices } from "../../services.ts";
import { findVerbs } from "./match.ts";
import { recentVerbs, rememberVerb } from "./recent.ts";
import { sectionsOf } from "./sections.ts";
import { VerbOption } from "./verb-option.tsx";

/** Every verb of the dashboard, found by typing. The field keeps the focus; the arrows move through what is found. */
export default function Palette({ close }: { close: () => void }) {
  const registry = useVerbRegistry();
  const { timers } = useServices();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const [known, setKnown] = useState(() => ({ verbs: registry.verbs(), recent: recentVerbs(localStorage) }));
  // Some are loaded once they are looked for.
  useEffect(
    () => registry.subscribe(() => setKnown(({ recent }) => ({ verbs: registry.verbs(), recent }))),
    [registry],
  );
  const found = useMemo(() => findVerbs(known.verbs, typed, known.recent), [known, typed]);
  const sections = sectionsOf(found, typed, known.recent);
  const shown = sections.flatMap(({ verbs }) => verbs);
  const active = shown[at];
  const chosen = useRef<Verb>(undefined);
  const focusBack = useFocusBack();
  const listId = useId();
  const optionId = (verb: Verb) => `${listId}-${shown.indexOf(verb)}`;

  const choose = (verb: Verb | undefined) => {
    if (verb === undefined || verb.disabled !== undefined) return;
    chosen.current = verb;
    rememberVerb(localStorage, verb.id);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined && shown.length > 0) {
      event.preventDefault();
      const next = at + step;
      const wraps = Math.abs(step) === 1;
      setAt(wraps ? (next + shown.length) % shown.length : Math.max(0, Math.min(shown.length - 1, next)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(active);
    }
  };

  return (
    <Radix.Root open onOpenChange={(open) => !open && close()}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          aria-describedby={undefined}
          className={cn(panelClass, "outline-none sm:w-[40rem]")}
          onCloseAutoFocus={(event) => {
            focusBack(event);
            // What it opens takes the focus after this one has given it back.
            const verb = chosen.current;
            if (verb !== undefined) timers.after(0, verb.run);
          }}
        >
          <Radix.Title className="sr-only">Command palette</Radix.Title>
          <div className="flex items-center gap-3 border-b border-line px-4">
            <Search className="size-4.5 shrink-0 text-muted" aria-hidden />
            <input
              role="combobox"
              aria-label="Command"
              aria-expanded
              aria-controls={listId}
              aria-autocomplete="list"
              aria-activedescendant={active === undefined ? undefined : optionId(active)}
              placeholder="Go to, or do"
              autoComplete="off"
              autoCorrect="off"
              autoCapitalize="none"
              spellCheck={false}
              className="h-12 min-w-0 flex-1 bg-transparent text-base text-ink outline-none"
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                setAt(0);
              }}
              onKeyDown={onKeyDown}
            />
            <Kbd keys="Esc" className="pointer-coarse:hidden" />
          </div>
          <div
            id={listId}
            role="listbox"
            aria-label="Commands"
            className="max-h-[min(26rem,60vh)] min-h-0 flex-1 overflow-y-auto overscroll-contain p-1.5 pb-[max(0.375rem,env(safe-area-inset-bottom))]"
          >
            {sections.map(({ heading, verbs }) => (
              <div key={heading} role="group" aria-label={heading}>
                <p
                  aria-hidden
                  className="truncate px-2.5 pt-2.5 pb-1 text-[0.8125rem] text-muted first:pt-1.5 empty:hidden"
                >
                  {heading}
                </p>
                {verbs.map((verb) => (
                  <VerbOption
                    key={verb.id}
                    id={optionId(verb)}
                    verb={verb}
                    active={verb === active}
                    withGroup={typed.trim() !== ""}
                    point={() => setAt(shown.indexOf(verb))}
                    choose={() => choose(verb)}
                  />
                ))}
              </div>
            ))}
          </div>
          {shown.length === 0 && (
            <p className="px-4 pb-6 text-center text-sm text-muted">
              Nothing matches “{typed.trim()}”. A workspace is found by its name, its repository or its branch.
            </p>
          )}
          <p role="status" className="sr-only">
            {shown.length === 1 ? "1 command" : `${shown.length} commands`}
          </p>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
