import { Switch as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

/** On or off, at once: nothing has to be saved after it. */
export function Switch({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cn(
        "group inline-flex h-6 w-10 shrink-0 items-center rounded-full border border-line-strong bg-raised p-0.5 transition-colors disabled:cursor-not-allowed disabled:opacity-55 data-[state=checked]:border-accent data-[state=checked]:bg-accent pointer-coarse:relative pointer-coarse:after:absolute pointer-coarse:after:-inset-2.5",
        className,
      )}
      {...props}
    >
      <Radix.Thumb className="block size-4.5 rounded-full bg-line-strong transition-[translate,background-color] group-data-[state=checked]:translate-x-4 group-data-[state=checked]:bg-on-accent" />
    </Radix.Root>
  );
}
