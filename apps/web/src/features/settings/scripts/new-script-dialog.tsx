import { useQueryClient } from "@tanstack/react-query";
import type { ScriptFile } from "@ws/rpc-contract";
import { useState } from "react";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useServices } from "../../../services.ts";
import { useAttempt } from "../../../components/use-attempt.ts";
import { faultOfName, NEW_SCRIPT } from "./draft.ts";

interface NewScriptDialogProps {
  directory: string;
  files: readonly ScriptFile[];
  made: (name: string) => void;
  close: () => void;
}

/** Asks how a new script is called. It runs nowhere until that is switched on. */
export function NewScriptDialog({ directory, files, made, close }: NewScriptDialogProps) {
  const { client, queries } = useServices();
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const { busy, problem, refused, attempt } = useAttempt(close, ["name"]);
  const fault =
    name === ""
      ? undefined
      : faultOfName(
          name,
          files.flatMap((file) => file.name ?? []),
        );
  return (
    <FormDialog
      title="New script"
      description={`It is kept in ${directory}, and runs in workspaces once you switch that on.`}
      action="Create"
      failure="It was not created"
      disabled={name === "" || fault !== undefined}
      submit={() =>
        attempt(async () => {
          await client.config.scripts.files.put({ name, content: NEW_SCRIPT });
          await cache.invalidateQueries({ queryKey: queries.config.key() });
          made(name);
        })
      }
      {...{ busy, problem, close }}
    >
      <TextField
        label="Name"
        placeholder="tools.sh"
        className="font-mono"
        error={fault ?? refused["name"]}
        value={name}
        change={setName}
      />
    </FormDialog>
  );
}
