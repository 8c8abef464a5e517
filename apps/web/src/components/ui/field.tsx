import { useId, type ReactNode } from "react";
import { Label } from "./label.tsx";

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  /** Gets what ties the control to its label, hint and error. */
  children: (control: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ReactNode;
}

/** A labelled control with a hint, or, where something is wrong, the error in its place. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const about = `${id}-about`;
  return (
    <div className={className}>
      <Label htmlFor={id}>{label}</Label>
      <div className="mt-1.5">{children({ id, "aria-describedby": about, "aria-invalid": error !== undefined })}</div>
      <p id={about} className="mt-1 text-[0.8125rem] text-muted empty:hidden">
        {error === undefined ? hint : <span className="text-bad">{error}</span>}
      </p>
    </div>
  );
}
