import type { ComponentProps } from "react";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";

type TextFieldProps = Omit<ComponentProps<typeof Input>, "onChange" | "value"> &
  Pick<ComponentProps<typeof Field>, "label" | "hint" | "error"> & { value: string; change: (text: string) => void };

/** One labelled line of text. */
export function TextField({ label, hint, error, change, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <Input {...control} {...input} onChange={(event) => change(event.target.value)} />}
    </Field>
  );
}
