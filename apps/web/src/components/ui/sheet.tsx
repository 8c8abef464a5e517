import { Dialog as Radix } from "radix-ui";
import { useState, type ReactNode } from "react";
import { PanelHeader } from "./panel-header.tsx";

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
          <PanelHeader
            title={title}
            description={description}
            className="border-b border-line py-4 short:py-2"
            descriptionClassName="truncate"
          />
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
