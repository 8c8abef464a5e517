import { useId, type ReactNode } from "react";

interface Choice<Value extends string> {
  value: Value;
  label: ReactNode;
  /** What choosing it means. */
  about: ReactNode;
}

interface ChoiceListProps<Value extends string> {
  label: ReactNode;
  value: Value;
  change: (value: Value) => void;
  choices: readonly Choice<Value>[];
}

/** One of a few that each need a sentence. */
export function ChoiceList<Value extends string>({ label, value, change, choices }: ChoiceListProps<Value>) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      <div className="divide-y divide-line rounded-xl border border-line">
        {choices.map((choice) => (
          <label
            key={choice.value}
            className="flex cursor-pointer items-start gap-3 px-3.5 py-2.5 first:rounded-t-xl last:rounded-b-xl hover:bg-raised has-checked:bg-accent-soft/60"
          >
            <input
              type="radio"
              className="mt-0.5 size-4 shrink-0 accent-accent"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => change(choice.value)}
              aria-labelledby={`${name}-${choice.value}`}
              aria-describedby={`${name}-${choice.value}-about`}
            />
            <span className="min-w-0">
              <span id={`${name}-${choice.value}`} className="block text-sm font-medium">
                {choice.label}
              </span>
              <span id={`${name}-${choice.value}-about`} className="block text-[0.8125rem] text-muted">
                {choice.about}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
