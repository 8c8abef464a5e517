import type { AgentClient } from "@ws/rpc-contract/client";
import { useState } from "react";
import { FormDialog } from "../../components/form-dialog.tsx";
import { TextField } from "../../components/ui/text-field.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { visible } from "../../components/visible.ts";
import { useServices } from "../../services.ts";
import type { FileAsk, FileDone } from "./file-ask.ts";
import { baseOf, faultOf, joined } from "../../file-paths.ts";

type PathAsk = Exclude<FileAsk, { kind: "remove" }>;

interface PathDialogProps {
  name: string;
  ask: PathAsk;
  close: () => void;
  done: (done: FileDone) => void;
  focusTree: () => void;
}

/** Asks for the path of a new file or folder, or for another path of one. */
export function PathDialog({ name, ask, close, done, focusTree }: PathDialogProps) {
  const { client } = useServices();
  const start = ask.kind === "rename" ? ask.path : joined(ask.folder, "");
  const [path, setPath] = useState(start);
  const [touched, setTouched] = useState(false);
  const { busy, problem, attempt } = useAttempt(close);
  const fault = faultOf(path);
  const { title, description, action, failure } = wordsOf(ask);

  const submit = () => {
    setTouched(true);
    if (fault !== undefined) return;
    if (ask.kind === "rename" && path === ask.path) return close();
    attempt(async () => {
      await act(client, name, ask, path);
      done(ask.kind === "rename" ? { kind: "rename", path: ask.path, to: path } : { kind: ask.kind, path });
      return undefined;
    });
  };

  return (
    <FormDialog
      {...{ title, description, action, submit, busy, problem, failure, close }}
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        const input = (event.currentTarget as HTMLElement).querySelector("input");
        input?.focus();
        // Of what is renamed the name without its ending is what mostly changes.
        const from = start.lastIndexOf("/") + 1;
        const dot = baseOf(start).lastIndexOf(".");
        input?.setSelectionRange(from, dot > 0 ? from + dot : start.length);
      }}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        focusTree();
      }}
    >
      <TextField
        label="Path"
        hint="From the workspace's directory."
        error={touched ? fault : undefined}
        value={path}
        className="font-mono"
        change={(text) => {
          setPath(text);
          setTouched(text !== "" && !text.endsWith("/"));
        }}
      />
    </FormDialog>
  );
}

async function act(client: AgentClient, name: string, ask: PathAsk, path: string): Promise<void> {
  switch (ask.kind) {
    case "newFile":
      await client.files.write({ name, path, content: "", expect: "absent" });
      return;
    case "newFolder":
      await client.files.mkdir({ name, path });
      return;
    case "rename":
      await client.files.move({ name, from: ask.path, to: path });
  }
}

function wordsOf(ask: PathAsk): { title: string; description: string; action: string; failure: string } {
  switch (ask.kind) {
    case "newFile":
      return {
        title: "New file",
        description: "Folders on the way are made with it.",
        action: "Create file",
        failure: "It was not created",
      };
    case "newFolder":
      return {
        title: "New folder",
        description: "Folders on the way are made with it.",
        action: "Create folder",
        failure: "It was not created",
      };
    case "rename":
      return {
        title: `Rename '${visible(baseOf(ask.path))}'`,
        description: "Another folder in the path moves it there.",
        action: "Rename",
        failure: "It was not renamed",
      };
  }
}
