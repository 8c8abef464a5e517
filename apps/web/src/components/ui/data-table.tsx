import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";

/**
 * A table in a card. Where it has not the room, it scrolls by itself, never the page: a wide one is therefore reachable by
 * keyboard, and named.
 */
export function DataTable({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return (
    <div
      role="region"
      aria-label={label}
      // What scrolls has to be reachable by who has no mouse.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="overflow-x-auto rounded-xl border border-line bg-surface"
    >
      <table className={cn("w-full border-collapse text-left text-sm", className)}>{children}</table>
    </div>
  );
}

interface CellProps {
  /** A figure: at the right, with digits of one width. */
  figure?: boolean;
}

export function Th({ figure = false, className, ...props }: ComponentProps<"th"> & CellProps) {
  return (
    <th
      scope="col"
      className={cn(
        "border-b border-line px-4 py-2 text-[0.8125rem] font-medium whitespace-nowrap text-muted",
        figure && "text-right",
        className,
      )}
      {...props}
    />
  );
}

export function Tr({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn("border-b border-line last:border-b-0 hover:bg-raised/60", className)} {...props} />;
}

export function Td({ figure = false, className, ...props }: ComponentProps<"td"> & CellProps) {
  return <td className={cn("px-4 py-2.5 align-middle", figure && "text-right tabular-nums", className)} {...props} />;
}
