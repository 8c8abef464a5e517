import { useEffect, useEffectEvent, useRef, type ChangeEvent, type ReactNode } from "react";
import { useServices } from "../../services.ts";
import { chosenFiles } from "./dropped-files.ts";
import { putFile } from "./put-file.ts";
import { useWorkspaceUploads } from "./uploads-context.tsx";
import type { Uploads } from "./uploads.ts";
import { createWorkspaceUploads } from "./workspace-uploads.ts";

/** The uploads of one workspace, and what opens the browser's own dialog to choose some. */
export function useUploads(
  { id, name }: { id: string; name: string },
  onWritten: () => void,
): { uploads: Uploads; choose: (folder: string, kind: "files" | "folder") => void; inputs: ReactNode } {
  const { session } = useServices();
  const all = useWorkspaceUploads(() =>
    createWorkspaceUploads((workspace, file, how) =>
      putFile(file, { workspace, token: session.token() ?? "", ...how }),
    ),
  );
  const uploads = all.of(id, name);
  const written = useEffectEvent(onWritten);
  useEffect(() => all.listen(id, () => written()), [all, id]);
  const folder = useRef("");
  const files = useRef<HTMLInputElement>(null);
  const folders = useRef<HTMLInputElement>(null);

  const input = { type: "file", multiple: true, hidden: true, tabIndex: -1, "aria-hidden": true } as const;
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    if (event.target.files !== null) uploads.add(chosenFiles(event.target.files, folder.current));
    // The same ones may be chosen again.
    event.target.value = "";
  };
  return {
    uploads,
    choose(into, kind) {
      folder.current = into;
      (kind === "files" ? files : folders).current?.click();
    },
    inputs: (
      <>
        <input ref={files} {...input} onChange={take} />
        <input ref={folders} {...input} {...{ webkitdirectory: "" }} onChange={take} />
      </>
    ),
  };
}
