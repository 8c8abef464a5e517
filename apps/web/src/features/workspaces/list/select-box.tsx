import type { MouseEvent } from "react";
import { cn } from "../../../components/ui/cn.ts";

interface SelectBoxProps {
  label: string;
  checked: boolean | "indeterminate";
  toggle: (event: MouseEvent<HTMLInputElement>) => void;
  className?: string;
}

/** The browser's own box: of one for each of hundreds of rows, anything more is felt at the first paint. */
export function SelectBox({ label, checked, toggle, className }: SelectBoxProps) {
  return (
    <span className={cn("relative flex", className)}>
      <input
        ref={(box) => {
          if (box !== null) box.indeterminate = checked === "indeterminate";
        }}
        type="checkbox"
        aria-label={label}
        checked={checked === true}
        // The press says with which keys it was made; the change does not.
        onChange={() => undefined}
        onClick={toggle}
        className="size-4 accent-accent after:absolute after:-inset-1 pointer-coarse:after:-inset-3.5"
      />
    </span>
  );
}
