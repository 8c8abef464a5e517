import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

/** A quiet stand-in while something loads. */
export function Skeleton({ className, ...props }: ComponentProps<"div">) {
  return <div aria-hidden className={cn("animate-breathe rounded-md bg-raised", className)} {...props} />;
}
