import { useState, type ComponentProps } from "react";
import type { Setting, SettingTakes } from "@ws/rpc-contract";
import { useKept } from "../../../components/kept-context.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { Input } from "../../../components/ui/input.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { Switch } from "../../../components/ui/switch.tsx";
import { TextArea } from "../../../components/ui/text-area.tsx";
import { textOf, valueOf } from "./setting-text.ts";

interface SettingControlProps {
  setting: Setting;
  labelledBy: string;
  describedBy: string;
  busy: boolean;
  invalid: boolean;
  /** Calls `done` once it is set. */
  save: (value: unknown, done?: () => void) => void;
}

/** The control that fits what a setting takes. What is one press is saved at once, what is typed when that is said. */
export function SettingControl({ setting, labelledBy, describedBy, busy, invalid, save }: SettingControlProps) {
  const { takes = TEXT, value, secret, source } = setting;
  const disabled = source === "environment" || busy;
  const tied = {
    "aria-labelledby": labelledBy,
    "aria-describedby": describedBy,
    "aria-invalid": invalid,
    disabled,
  };
  if (takes.kind === "switch") {
    return <Switch {...tied} checked={value === true} onCheckedChange={(on) => save(on)} />;
  }
  if (takes.kind === "choice") {
    const choices = takes.choices.map((choice) => ({ value: choice, label: choice }));
    return (
      <div className="max-w-60">
        <Select {...tied} value={String(value)} change={(choice) => save(choice)} choices={choices} />
      </div>
    );
  }
  if (takes.kind === "list" && takes.choices !== undefined) {
    return <Chosen {...{ value, choices: takes.choices, disabled, labelledBy, save }} />;
  }
  return <Typed {...{ setting, takes, tied, save }} isSecret={secret === true} />;
}

const TEXT: SettingTakes = { kind: "text" };

interface ChosenProps {
  value: unknown;
  choices: readonly string[];
  disabled: boolean;
  labelledBy: string;
  save: (value: readonly string[]) => void;
}

/** Any of those that there can be. */
function Chosen({ value, choices, disabled, labelledBy, save }: ChosenProps) {
  const chosen = Array.isArray(value) ? value.map(String) : [];
  return (
    <div role="group" aria-labelledby={labelledBy} className="flex flex-wrap gap-x-5 gap-y-2">
      {choices.map((choice) => (
        <label
          key={choice}
          className="flex min-h-6 items-center gap-2 font-mono text-[0.8125rem] pointer-coarse:min-h-11"
        >
          <Checkbox
            disabled={disabled}
            checked={chosen.includes(choice)}
            onCheckedChange={(on) =>
              save(choices.filter((one) => (one === choice ? on === true : chosen.includes(one))))
            }
          />
          {choice}
        </label>
      ))}
    </div>
  );
}

interface TypedProps {
  setting: Setting;
  takes: SettingTakes;
  tied: Pick<ComponentProps<"input">, "aria-labelledby" | "aria-describedby" | "aria-invalid" | "disabled">;
  isSecret: boolean;
  save: SettingControlProps["save"];
}

/** It outlasts going to another section; a secret goes with its field. */
function useTyped(key: string, isSecret: boolean): [string | undefined, (typed: string | undefined) => void] {
  const kept = useKept<string>(`setting ${key}`);
  const held = useState<string>();
  return isSecret ? held : kept;
}

function Typed({ setting, takes, tied, isSecret, save }: TypedProps) {
  const before = textOf(setting);
  const [typed, setTyped] = useTyped(setting.key, isSecret);
  // What nobody has typed in is what is set now, also where that was changed elsewhere meanwhile.
  const text = typed ?? before;
  const isChanged = text !== before;
  const setText = (next: string) => setTyped(next === before ? undefined : next);
  const given = {
    ...tied,
    value: text,
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
    onKeyDown: (event: { key: string }) => {
      if (event.key === "Escape") setTyped(undefined);
    },
  };
  const isLong = takes.kind === "list" || takes.kind === "json";
  const kept = setting.value === "" ? "Not set" : `Set, ${String(setting.value)}`;
  return (
    <form
      className="flex flex-wrap items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) save(valueOf(text, takes), () => setTyped(undefined));
      }}
    >
      {isLong ? (
        <TextArea
          {...given}
          className="max-w-xl font-mono text-[0.8125rem]"
          rows={Math.min(8, Math.max(2, text.split("\n").length))}
          placeholder={takes.kind === "list" ? "One per line" : undefined}
          spellCheck={false}
        />
      ) : (
        <Input
          {...given}
          className={takes.kind === "number" ? "max-w-32 tabular-nums" : "max-w-md font-mono text-[0.8125rem]"}
          {...(takes.kind === "number" && { inputMode: "numeric" as const })}
          {...(isSecret && { type: "password", autoComplete: "new-password", placeholder: kept })}
        />
      )}
      {isChanged && (
        <>
          <Button type="submit" variant="primary" busy={tied.disabled === true}>
            Save
          </Button>
          <Button variant="ghost" onClick={() => setTyped(undefined)}>
            Undo
          </Button>
        </>
      )}
    </form>
  );
}
