import type { ReactNode } from "react";

interface SpecimenProps {
  /** Of the component, as it is imported. */
  name: string;
  /** Below `src/components/`. */
  file: string;
  /** When it is the right one. */
  use: string;
  children: ReactNode;
}

/** One component: its name, where it lies, when it is used, and itself. */
export function Specimen({ name, file, use, children }: SpecimenProps) {
  return (
    <section aria-labelledby={name} className="border-t border-line py-6 first:border-t-0">
      <div className="mb-4 flex flex-wrap items-baseline gap-x-3">
        <h3 id={name} className="font-mono text-[0.9375rem] font-semibold">
          {name}
        </h3>
        <code className="font-mono text-[0.8125rem] text-muted">components/{file}</code>
        <p className="w-full max-w-prose text-sm text-muted">{use}</p>
      </div>
      {children}
    </section>
  );
}
