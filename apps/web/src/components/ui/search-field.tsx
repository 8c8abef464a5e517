import { Search } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";
import { Input } from "./input.tsx";

interface SearchFieldProps extends Omit<ComponentProps<typeof Input>, "value" | "onChange" | "type"> {
  /** What is searched, for a screen reader, and the placeholder. */
  label: string;
  value: string;
  change: (text: string) => void;
}

/** A field to filter or to search by; Escape empties it. */
export function SearchField({ label, value, change, className, ...props }: SearchFieldProps) {
  return (
    <span className={cn("relative block", className)}>
      <Search className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" aria-hidden />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        className="pl-9"
        value={value}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          // What holds the field, a dialog, would close by it.
          event.stopPropagation();
          change("");
        }}
        {...props}
      />
    </span>
  );
}
