import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface PageProps {
  children: ReactNode;
  /** For tables: as wide as a reader still finds the end of a row. */
  wide?: boolean;
  className?: string;
}

/** A page that scrolls by itself, with the measure that its lines are read at. */
export function Page({ children, wide = false, className }: PageProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className={cn("mx-auto w-full px-4 py-5 sm:px-6 sm:py-7", wide ? "max-w-5xl" : "max-w-4xl", className)}>
        {children}
      </div>
    </div>
  );
}

interface PageHeaderProps {
  title: ReactNode;
  /** One sentence. */
  description?: ReactNode;
  /** At the right: what can be done here. */
  actions?: ReactNode;
  className?: string;
}

/** What a page is about; its only `h1`. */
export function PageHeader({ title, description, actions, className }: PageHeaderProps) {
  return (
    <div className={cn("mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3", className)}>
      <div className="min-w-0 flex-1 basis-60">
        <h1 className="text-lg leading-9 font-semibold">{title}</h1>
        {description !== undefined && <p className="max-w-prose text-sm text-muted">{description}</p>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}

interface SectionProps {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** Rows of the card below the heading. */
  children: ReactNode;
  className?: string;
  /** For what brings a surface of its own: a table, a chart. */
  bare?: boolean;
}

/** One matter of a page: a heading, a sentence, and a card whose rows are divided by lines. */
export function Section({ title, description, actions, children, className, bare = false }: SectionProps) {
  return (
    <section className={cn("mt-8 first:mt-0", className)}>
      <div className="mb-2.5 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <h2 className="font-semibold">{title}</h2>
          {description !== undefined && <p className="max-w-prose text-[0.8125rem] text-muted">{description}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {bare ? (
        children
      ) : (
        <div className="divide-y divide-line rounded-xl border border-line bg-surface">{children}</div>
      )}
    </section>
  );
}

interface RowProps {
  label: ReactNode;
  /** What it means, or what is the matter with it. */
  hint?: ReactNode;
  /** Its value or its control; below the label where there is no room beside it. */
  children?: ReactNode;
  className?: string;
}

/** One row of a section: what it is at the left, its value or control at the right. */
export function Row({ label, hint, children, className }: RowProps) {
  return (
    <div className={cn("flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3", className)}>
      <div className="min-w-0 flex-1 basis-52">
        <div className="text-sm font-medium text-ink">{label}</div>
        {hint !== undefined && <div className="text-[0.8125rem] break-words text-muted">{hint}</div>}
      </div>
      {children !== undefined && (
        <div className="flex max-w-full min-w-0 flex-wrap items-center gap-2 text-sm">{children}</div>
      )}
    </div>
  );
}
