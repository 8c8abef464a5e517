import { ToggleGroup as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface SegmentedControlProps<Value extends string> {
  /** What is chosen here, for a screen reader. */
  label: string;
  value: Value;
  change: (value: Value) => void;
  choices: readonly { value: Value; label: ReactNode }[];
  className?: string;
}

/** One of two to five, all of them in sight. */
export function SegmentedControl<Value extends string>({
  label,
  value,
  change,
  choices,
  className,
}: SegmentedControlProps<Value>) {
  return (
    <Radix.Root
      type="single"
      aria-label={label}
      value={value}
      // Pressed again, the chosen one stays: something always is.
      onValueChange={(chosen) => {
        if (chosen !== "") change(chosen as Value);
      }}
      className={cn("inline-flex rounded-lg border border-line bg-raised p-0.5", className)}
    >
      {choices.map((choice) => (
        <Radix.Item
          key={choice.value}
          value={choice.value}
          className="flex h-7.5 items-center gap-1.5 rounded-md px-2.5 text-[0.8125rem] font-medium text-muted transition-colors hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:ring-1 data-[state=on]:ring-line pointer-coarse:h-10 pointer-coarse:px-3.5 [&_svg]:size-4"
        >
          {choice.label}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
