import { DropdownMenu as Radix } from "radix-ui";
import type { ComponentProps } from "react";
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

const itemClass =
  "flex items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm text-ink outline-none select-none pointer-coarse:py-2.5 data-disabled:cursor-not-allowed data-disabled:text-muted data-disabled:opacity-60 data-highlighted:bg-raised [&_svg]:size-4 [&_svg]:text-muted";

export function DropdownMenuItem({
  className,
  danger = false,
  ...props
}: ComponentProps<typeof Radix.Item> & { danger?: boolean }) {
  return (
    <Radix.Item
      className={cn(itemClass, danger && "text-bad data-highlighted:bg-bad-soft [&_svg]:text-bad", className)}
      {...props}
    />
  );
}

export function DropdownMenuRadioItem({ className, ...props }: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem
      className={cn(itemClass, "data-[state=checked]:font-semibold data-[state=checked]:[&_svg]:text-accent", className)}
      {...props}
    />
  );
}

export function DropdownMenuSeparator() {
  return <Radix.Separator className="mx-1 my-1 h-px bg-line" />;
}
