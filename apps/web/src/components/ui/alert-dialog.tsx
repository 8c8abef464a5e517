import { AlertDialog as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";
import { overlayClass, panelClass, panelWidth } from "./dialog.tsx";

export const AlertDialog = Radix.Root;
export const AlertDialogCancel = Radix.Cancel;

type AlertDialogContentProps = Omit<ComponentProps<typeof Radix.Content>, "title" | "className"> & {
  title: ReactNode;
  description: ReactNode;
};

/** A question that must be answered; a press beside it does not close it. */
export function AlertDialogContent({ title, description, children, ...props }: AlertDialogContentProps) {
  return (
    <Radix.Portal>
      <Radix.Overlay className={overlayClass} />
      <Radix.Content className={cn(panelClass, panelWidth.narrow)} {...props}>
        <div className="px-5 pt-5 pb-4 sm:px-6">
          <Radix.Title className="text-lg font-semibold text-ink">{title}</Radix.Title>
          <Radix.Description asChild>
            <div className="mt-1 text-sm text-muted">{description}</div>
          </Radix.Description>
        </div>
        {children}
      </Radix.Content>
    </Radix.Portal>
  );
}
