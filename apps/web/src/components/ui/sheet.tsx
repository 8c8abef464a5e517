import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useState, type ReactNode } from "react";
import { Button } from "./button.tsx";

interface SheetProps {
  title: ReactNode;
  description: ReactNode;
  close: () => void;
  children: ReactNode;
}

/** A panel at the page's side, which goes on beside it; on a phone it covers the page. */
export function Sheet({ title, description, close, children }: SheetProps) {
  const [covers] = useState(() => matchMedia("(width < 48rem)").matches);
  return (
    <Radix.Root open modal={covers} onOpenChange={(open) => !open && close()}>
      <Radix.Portal>
        <Radix.Content
          className="fixed inset-0 z-40 flex animate-fade flex-col border-line bg-surface shadow-float outline-none md:left-auto md:w-[30rem] md:border-l"
          onOpenAutoFocus={(event) => {
            const first = (event.currentTarget as HTMLElement).querySelector<HTMLElement>("[data-first-focus]");
            if (first === null) return;
            event.preventDefault();
            first.focus();
          }}
          // What is done beside it is no reason for it to go.
          onInteractOutside={(event) => event.preventDefault()}
        >
          <div className="flex items-start justify-between gap-4 border-b border-line px-5 py-4 short:py-2">
            <div className="min-w-0">
              <Radix.Title className="text-lg font-semibold text-ink">{title}</Radix.Title>
              <Radix.Description className="mt-0.5 truncate text-sm text-muted">{description}</Radix.Description>
            </div>
            <Radix.Close asChild>
              <Button variant="ghost" size="icon" className="-mt-1 -mr-2" aria-label="Close">
                <X aria-hidden />
              </Button>
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
