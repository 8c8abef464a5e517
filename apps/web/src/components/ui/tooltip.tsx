import { Tooltip as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

/** A hint on hover and focus; it never holds what cannot be read elsewhere. */
export function Tooltip({ content, children }: { content: ReactNode; children: ReactElement }) {
  return (
    // Its own provider, so that the page loads none of it before there is one to show.
    <Radix.Provider delayDuration={400}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            sideOffset={6}
            collisionPadding={8}
            className="z-50 max-w-72 animate-fade rounded-lg bg-ink px-2.5 py-1.5 text-[0.8125rem] text-ground shadow-float"
          >
            {content}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
