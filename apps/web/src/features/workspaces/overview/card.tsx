import type { ReactNode } from "react";

interface CardProps {
  title: string;
  /** At the right of the title: where more of it is. */
  more?: ReactNode;
  children: ReactNode;
}

/** One matter that is told in a few lines. */
export function Card({ title, more, children }: CardProps) {
  return (
    <section aria-label={title} className="min-w-0 rounded-xl border border-line bg-surface px-4 py-3.5">
      <div className="mb-2 flex items-baseline justify-between gap-3 text-[0.8125rem]">
        <h2 className="font-medium text-muted">{title}</h2>
        {more}
      </div>
      {children}
    </section>
  );
}

export const cardLink =
  "shrink-0 rounded-sm text-accent underline-offset-2 hover:underline pointer-coarse:-my-2 pointer-coarse:inline-flex pointer-coarse:min-h-11 pointer-coarse:items-center";
