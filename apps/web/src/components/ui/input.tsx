import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

/** 16 px on touch screens: below that a phone zooms into the page. */
export const fieldClass =
  "h-9 w-full min-w-0 rounded-lg border border-line-strong/55 bg-ground px-3 text-sm text-ink transition-colors hover:border-line-strong aria-invalid:border-bad disabled:opacity-60 pointer-coarse:h-11 pointer-coarse:text-base";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return (
    <input
      autoComplete="off"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      className={cn(fieldClass, className)}
      {...props}
    />
  );
}
