import { useState } from "react";
import { FormDialog } from "../../components/form-dialog.tsx";
import { Field } from "../../components/ui/field.tsx";
import { TextArea } from "../../components/ui/text-area.tsx";

interface PasteSheetProps {
  paste: (text: string) => void;
  close: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Takes what is pasted where the browser does not let the page read the clipboard: over http, or when it was refused. */
export default function PasteSheet({ paste, close, onCloseAutoFocus }: PasteSheetProps) {
  const [text, setText] = useState("");
  return (
    <FormDialog
      title="Paste into the terminal"
      description="This browser does not let the page read the clipboard. Paste here instead."
      action="Paste into terminal"
      failure="It was not pasted"
      disabled={text === ""}
      busy={false}
      problem={undefined}
      submit={() => {
        close();
        paste(text);
      }}
      {...{ close, onCloseAutoFocus }}
    >
      <Field label="Text">
        {(control) => (
          <TextArea
            {...control}
            rows={5}
            className="font-mono"
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
