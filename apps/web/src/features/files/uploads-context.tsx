import { createContext, use, useEffect, useState, type ReactNode } from "react";
import { useAskBeforeLeaving } from "../../components/use-ask-before-leaving.ts";
import { useServices } from "../../services.ts";
import { putFile } from "./put-file.ts";
import { createWorkspaceUploads, type WorkspaceUploads } from "./workspace-uploads.ts";

const UploadsContext = createContext<WorkspaceUploads | undefined>(undefined);

/** Above the pages, and below the sign-in: what is sent with one token ends with it. */
export function UploadsProvider({ children }: { children: ReactNode }) {
  const { session } = useServices();
  const [all] = useState(() =>
    createWorkspaceUploads((workspace, file, how) =>
      putFile(file, { workspace, token: session.token() ?? "", ...how }),
    ),
  );
  useEffect(() => all.cancel, [all]);
  useAskBeforeLeaving(all.subscribe, all.running);
  return <UploadsContext value={all}>{children}</UploadsContext>;
}

export function useWorkspaceUploads(): WorkspaceUploads {
  const all = use(UploadsContext);
  if (all === undefined) throw new Error("useWorkspaceUploads needs an UploadsProvider above it.");
  return all;
}
