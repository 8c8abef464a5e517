import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

/** Several lines of text; 16 px on touch screens, as in a field of one line. */
export function TextArea({ className, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      className={cn(
        "block w-full rounded-lg border border-line-strong/55 bg-ground px-3 py-2 text-sm text-ink transition-colors hover:border-line-strong pointer-coarse:text-base",
        className,
      )}
      {...props}
    />
  );
}
