import type { CreateInput } from "@ws/rpc-contract";
import { useRef, useState, type ReactNode, type SyntheticEvent } from "react";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { reveal } from "../../../components/reveal.ts";
import { Button } from "../../../components/ui/button.tsx";
import { DialogBody, DialogClose, DialogFooter } from "../../../components/ui/dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import type { Problem } from "../../../problem.ts";
import { nameFromUrl } from "../names.ts";
import { AdvancedFields } from "./advanced-fields.tsx";
import { parseForm, type FormErrors, type FormValues } from "./form.ts";
import { ProfileField } from "./profile-field.tsx";

interface CreateFormProps {
  values: FormValues;
  onChange: (values: FormValues) => void;
  fromLink: boolean;
  problem: Problem | undefined;
  busy: boolean;
  /** Asked in place of the foot. */
  question: ReactNode;
  onSubmit: (input: CreateInput) => void;
}

/** What to create. The name follows the repository until a person gives another. */
export function CreateForm({ values, onChange, fromLink, problem, busy, question, onSubmit }: CreateFormProps) {
  const [errors, setErrors] = useState<FormErrors>({});
  const form = useRef<HTMLFormElement>(null);
  const shownName = values.name === "" ? nameFromUrl(values.clone) : values.name;
  const set = <K extends keyof FormValues>(field: K, value: FormValues[K]) => {
    onChange({ ...values, [field]: value });
    setErrors(({ [field]: _, ...rest }) => rest);
  };

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const parsed = parseForm({ ...values, name: shownName });
    if ("input" in parsed) return onSubmit(parsed.input);
    setErrors(parsed.errors);
    // After the errors are on the page, so that the field is announced together with what is wrong.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };

  return (
    <form ref={form} className="contents" onSubmit={submit} noValidate>
      <DialogBody className="space-y-5">
        {fromLink && (
          <Notice tone="warn" title="These values came from a link">
            <p className="text-muted">Check the repository: what it contains will run in the workspace.</p>
          </Notice>
        )}
        <TextField
          label="Repository"
          hint="https:// or git@host:org/repo. Leave it empty for a workspace without one."
          error={errors.clone}
          inputMode="url"
          placeholder="https://github.com/org/repo"
          value={values.clone}
          change={(text) => set("clone", text)}
        />
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField
            label="Name"
            error={errors.name}
            required
            className="font-mono"
            placeholder="demo"
            maxLength={63}
            value={shownName}
            change={(text) => set("name", text)}
          />
          <TextField
            label="Branch"
            error={errors.branch}
            className="font-mono"
            placeholder="one of its own"
            value={values.branch}
            change={(text) => set("branch", text)}
          />
        </div>
        <ProfileField value={values.profile} onChange={(profile) => set("profile", profile)} />
        <AdvancedFields values={values} errors={errors} set={set} />
        {problem !== undefined && (
          <div ref={reveal} className="scroll-mb-5">
            <Notice tone="bad" title="It was not created" urgent>
              <ProblemText problem={problem} />
            </Notice>
          </div>
        )}
      </DialogBody>
      {question || (
        <DialogFooter>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" variant="primary" busy={busy}>
            {problem === undefined ? "Create workspace" : "Try again"}
          </Button>
        </DialogFooter>
      )}
    </form>
  );
}
