import { Dialog as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";
import { PanelHeader } from "./panel-header.tsx";

export const Dialog = Radix.Root;
export const DialogClose = Radix.Close;

export const overlayClass = "fixed inset-0 z-40 animate-fade bg-scrim";
export const panelClass =
  "fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] w-full animate-enter flex-col rounded-t-2xl border border-line bg-surface shadow-float sm:inset-x-auto sm:top-[8vh] sm:bottom-auto sm:left-1/2 sm:max-h-[84vh] sm:-translate-x-1/2 sm:rounded-2xl";

export const panelWidth = { narrow: "sm:w-[29rem]", wide: "sm:w-[34rem]" };

type DialogContentProps = Omit<ComponentProps<typeof Radix.Content>, "title" | "className"> & {
  title: ReactNode;
  description: ReactNode;
  width: keyof typeof panelWidth;
};

/** A panel over the page; on a phone it rises from the bottom edge. */
export function DialogContent({ title, description, width, children, ...props }: DialogContentProps) {
  return (
    <Radix.Portal>
      <Radix.Overlay className={overlayClass} />
      <Radix.Content
        className={cn(panelClass, panelWidth[width], "outline-none")}
        onOpenAutoFocus={focusFirstField}
        {...props}
      >
        <PanelHeader title={title} description={description} className="pt-5 pb-4 sm:px-6" />
        {children}
      </Radix.Content>
    </Radix.Portal>
  );
}

/** To type or to read is what it was opened for, not to close it; on a phone the keyboard would cover it at once. */
function focusFirstField(event: Event): void {
  const panel = event.currentTarget as HTMLElement;
  const field = panel.querySelector<HTMLElement>("input, textarea");
  event.preventDefault();
  (field === null || matchMedia("(pointer: coarse)").matches ? panel : field).focus();
}

/** The part that scrolls where the panel is taller than the window. */
export function DialogBody({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("min-h-0 flex-1 overflow-y-auto px-5 pb-5 sm:px-6", className)} {...props} />;
}

export function DialogFooter({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      className={cn(
        "flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-4 pb-[max(1rem,env(safe-area-inset-bottom))] sm:px-6",
        className,
      )}
      {...props}
    />
  );
}
