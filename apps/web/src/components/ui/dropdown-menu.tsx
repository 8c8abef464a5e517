import { DropdownMenu as Radix } from "radix-ui";
import { useState, type ComponentProps } from "react";
import type { Pressed } from "../menu-button.tsx";
import { cn } from "./cn.ts";

export const DropdownMenu = Radix.Root;
export const DropdownMenuTrigger = Radix.Trigger;
export const DropdownMenuRadioGroup = Radix.RadioGroup;

export function DropdownMenuContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        align="end"
        sideOffset={6}
        collisionPadding={8}
        className={cn(
          "z-50 min-w-44 animate-enter rounded-xl border border-line bg-surface p-1 shadow-float outline-none",
          className,
        )}
        {...props}
      />
    </Radix.Portal>
  );
}

type PressedMenuProps = Pressed &
  Pick<ComponentProps<typeof Radix.Root>, "modal" | "onOpenChange"> &
  ComponentProps<typeof Radix.Content>;

/** The menu of a button that was pressed before its menu was there: it is open from the start. */
export function PressedMenu({ trigger, byKey, modal = true, onOpenChange, ...content }: PressedMenuProps) {
  const [byKeyFirst, setByKeyFirst] = useState(byKey);
  const change = (open: boolean) => {
    setByKeyFirst(false);
    onOpenChange?.(open);
  };
  return (
    <DropdownMenu defaultOpen modal={modal} onOpenChange={change}>
      <DropdownMenuTrigger asChild>{trigger}</DropdownMenuTrigger>
      {/* Radix knows of a key only where it was there when that was pressed. */}
      <DropdownMenuContent {...(byKeyFirst && { ref: focusFirst })} {...content} />
    </DropdownMenu>
  );
}

function focusFirst(menu: HTMLElement | null): void {
  menu?.querySelector<HTMLElement>("[role^=menuitem]:not([data-disabled])")?.focus({ preventScroll: true });
}

const itemClass =
  "flex items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm outline-none select-none pointer-coarse:py-2.5 data-disabled:cursor-not-allowed data-disabled:opacity-50 [&_svg]:size-4";

const plainClass = "text-ink data-highlighted:bg-raised [&_svg]:text-muted";
const dangerClass = "text-bad data-highlighted:bg-bad-soft";

export function DropdownMenuItem({
  className,
  danger = false,
  ...props
}: ComponentProps<typeof Radix.Item> & { danger?: boolean }) {
  return <Radix.Item className={cn(itemClass, danger ? dangerClass : plainClass, className)} {...props} />;
}

export function DropdownMenuRadioItem({ className, ...props }: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem
      className={cn(itemClass, plainClass, "data-[state=checked]:font-semibold", className)}
      {...props}
    />
  );
}

export function DropdownMenuSeparator() {
  return <Radix.Separator className="mx-1 my-1 h-px bg-line" />;
}
