import { useId } from "react";
import type { FormValues } from "./form.ts";

const profiles = [
  { value: "person", label: "Person", text: "For you: sudo works, the network is open." },
  { value: "agent", label: "Agent", text: "For code you don't trust: no sudo, no open network." },
] as const;

interface ProfileFieldProps {
  value: FormValues["profile"];
  onChange: (profile: FormValues["profile"]) => void;
}

/** Fixed once the workspace is made, so both choices say what they mean. */
export function ProfileField({ value: chosen, onChange }: ProfileFieldProps) {
  const id = useId();
  return (
    <fieldset>
      <legend className="text-sm font-medium">Profile</legend>
      <div className="mt-1.5 grid gap-2 sm:grid-cols-2">
        {profiles.map(({ value, label, text }) => (
          <label
            key={value}
            className="rounded-lg border border-line p-3 transition-colors hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <span className="flex items-center gap-2 text-sm font-medium">
              <input
                type="radio"
                name={id}
                className="size-4 accent-accent outline-none"
                aria-describedby={`${id}-${value}`}
                checked={chosen === value}
                onChange={() => onChange(value)}
              />
              {label}
            </span>
            <span id={`${id}-${value}`} className="mt-1 block text-[0.8125rem] text-muted">
              {text}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
