import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";
import { fieldClass } from "./input.tsx";

interface SelectProps<Value extends string> extends Omit<ComponentProps<"select">, "value" | "onChange" | "children"> {
  value: Value;
  change: (value: Value) => void;
  choices: readonly { value: Value; label: string; disabled?: boolean }[];
}

/** One of a few, chosen with the browser's own list: a phone shows it as its wheel. */
export function Select<Value extends string>({ value, change, choices, className, ...props }: SelectProps<Value>) {
  return (
    <span className={cn("relative inline-flex w-full min-w-0", className)}>
      <select
        className={cn(fieldClass, "appearance-none pr-9")}
        value={value}
        // Its options are the only values that it can have.
        onChange={(event) => change(event.target.value as Value)}
        {...props}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} disabled={choice.disabled}>
            {choice.label}
          </option>
        ))}
      </select>
      <ChevronDown
        className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted"
        aria-hidden
      />
    </span>
  );
}
