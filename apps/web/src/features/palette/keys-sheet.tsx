import { Dialog, DialogBody, DialogContent } from "../../components/ui/dialog.tsx";
import { Kbd } from "../../components/ui/kbd.tsx";
import { useFocusBack } from "../../components/use-focus-back.ts";
import { isMac } from "../../components/verbs/typing.ts";
import { useVerbRegistry } from "../../components/verbs/verbs-context.tsx";
import { sheetOf } from "./key-map.ts";

/** All keys of the page: those that lists and panels answer to, and those of what can be done here now. */
export default function KeysSheet({ close }: { close: () => void }) {
  const registry = useVerbRegistry();
  const focusBack = useFocusBack();
  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent
        width="wide"
        onCloseAutoFocus={focusBack}
        title="Keyboard shortcuts"
        description="Letters count outside of fields, terminals and the editor."
      >
        {/* What scrolls has to be reachable by keys. */}
        <DialogBody tabIndex={0} role="region" aria-label="Keys" className="space-y-5">
          {sheetOf(registry.verbs(), isMac()).map(({ title, rows }) => (
            <section key={title} aria-label={title}>
              <h3 className="mb-1 text-[0.8125rem] text-muted">{title}</h3>
              <dl className="divide-y divide-line">
                {rows.map(({ keys, does }) => (
                  <div key={does} className="flex items-center justify-between gap-6 py-1.5 text-sm">
                    <dt className="min-w-0">{does}</dt>
                    <dd className="flex shrink-0 flex-wrap items-center justify-end gap-1.5">
                      {keys.map((one) => (
                        <Kbd key={one} keys={one} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}
