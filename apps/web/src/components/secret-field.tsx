import { Eye, EyeOff, FileKey } from "lucide-react";
import { useState, type DragEvent, type ReactNode, type RefObject } from "react";
import { Button } from "./ui/button.tsx";
import { cn } from "./ui/cn.ts";
import { Field } from "./ui/field.tsx";
import { hiddenText } from "./ui/hidden-text.ts";

/** As much as the worker takes. */
const MOST_BYTES = 1_000_000;

interface SecretFieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** Where the secret is read, and nowhere else: neither the page's state nor its markup ever has it. */
  field: RefObject<HTMLTextAreaElement | null>;
  /** For keys, which have several lines. */
  tall?: boolean;
}

/**
 * Takes a secret that is typed, pasted, chosen or dropped as a file, and shows it only to whoever asks for that. It is no password
 * field: browsers offer to keep what is typed into those, and fill them in.
 */
export function SecretField({ label, hint, error, field, tall = false }: SecretFieldProps) {
  const [said, setSaid] = useState<{ file?: string; problem?: string }>({});
  const [over, setOver] = useState(false);
  const [shown, setShown] = useState(false);
  const take = async (file: File | undefined) => {
    if (file === undefined || field.current === null) return;
    if (file.size > MOST_BYTES) return setSaid({ problem: `${file.name} is larger than 1 MB: that is no secret.` });
    const text = await file.text();
    field.current?.setRangeText(text, 0, field.current.value.length, "end");
    // As if it had been typed, for the form around it.
    field.current?.dispatchEvent(new Event("input", { bubbles: true }));
    setSaid({ file: file.name });
  };
  const drop = (event: DragEvent) => {
    setOver(false);
    const [file] = event.dataTransfer.files;
    // A piece of text goes where it is dropped anyway.
    if (file === undefined) return;
    event.preventDefault();
    void take(file);
  };
  return (
    <Field
      label={label}
      hint={said.file === undefined ? hint : `Read from ${said.file}.`}
      error={error ?? said.problem}
    >
      {(control) => (
        <div className="space-y-2">
          <textarea
            {...control}
            ref={field}
            rows={tall ? 5 : 2}
            autoComplete="off"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            data-1p-ignore
            data-bwignore
            data-lpignore="true"
            data-form-type="other"
            placeholder={tall ? "Paste the key, or drop its file here" : "Paste it, or drop a file here"}
            onInput={() => setSaid({})}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
            className={cn(
              "block w-full resize-none rounded-lg border border-line-strong/55 bg-ground px-3 py-2 font-mono text-sm break-all text-ink transition-colors placeholder:font-sans hover:border-line-strong aria-invalid:border-bad pointer-coarse:text-base",
              !shown && hiddenText,
              over && "border-accent bg-accent-soft",
            )}
          />
          <div className="-ml-2 flex flex-wrap gap-1">
            <Button size="small" variant="ghost" onClick={choose}>
              <FileKey aria-hidden />
              Choose a file
            </Button>
            <Button size="small" variant="ghost" aria-pressed={shown} onClick={() => setShown(!shown)}>
              {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
              Show
            </Button>
          </div>
        </div>
      )}
    </Field>
  );

  function choose(): void {
    const chooser = document.createElement("input");
    chooser.type = "file";
    chooser.addEventListener("change", () => void take(chooser.files?.[0]));
    chooser.click();
  }
}
