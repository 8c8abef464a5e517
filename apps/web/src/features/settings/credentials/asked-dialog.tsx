import { useQueryClient } from "@tanstack/react-query";
import type { CredentialInfo } from "@ws/rpc-contract";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { useToaster } from "../../../components/ui/toast.tsx";
import { useServices } from "../../../services.ts";
import type { Asked } from "./credential-actions.tsx";
import { CredentialDialog } from "./credential-dialog.tsx";

interface AskedDialogProps {
  credential: CredentialInfo;
  asked: Asked;
  close: () => void;
}

/** Asks before what was chosen for a credential is done. */
export function AskedDialog({ credential, asked, close }: AskedDialogProps) {
  const { client, queries } = useServices();
  const toaster = useToaster();
  const cache = useQueryClient();
  const { name, type, exposed = false, usedBy } = credential;
  const done = async (text: string) => {
    toaster.done(text);
    await cache.invalidateQueries({ queryKey: queries.credentials.key() });
    return undefined;
  };
  if (asked === "replace") return <CredentialDialog what={{ replaced: credential }} close={close} />;
  if (asked === "expose")
    return (
      <ConfirmDialog
        title={exposed ? `Keep '${name}' out of workspaces?` : `Expose '${name}' in workspaces?`}
        description={
          exposed
            ? "What runs already keeps it until it is begun anew. Git goes on working: the worker adds the token on the way."
            : "It becomes a variable there: everything that runs in a workspace can read it, and a coding tool can send it anywhere. Git works without."
        }
        action={exposed ? "Keep it out" : "Expose it"}
        tone={exposed ? "primary" : "danger"}
        failure="Nothing was changed"
        act={async () => {
          await client.credentials.set({ name, type: "env", expose: !exposed });
          return done(exposed ? `${name} is given to no further program.` : `${name} is a variable in workspaces now.`);
        }}
        close={close}
      />
    );
  return (
    <ConfirmDialog
      title={`Remove '${name}'?`}
      description={
        usedBy.length === 0
          ? "No workspace uses it. The worker forgets it; at its forge it stays good until it is ended there."
          : `${usedBy.length === 1 ? "One workspace uses it" : `${usedBy.length} workspaces use it`}: ${usedBy.join(", ")}.`
      }
      action="Remove"
      failure="It was not removed"
      act={async () => {
        await client.credentials.remove({ name });
        return done(`${name} is removed.`);
      }}
      close={close}
    >
      {usedBy.length > 0 && <p className="text-sm text-muted">{LOST[type]}</p>}
    </ConfirmDialog>
  );
}

/** What stops working with it. */
const LOST: Readonly<Record<CredentialInfo["type"], string>> = {
  env: "Programs that begin there from now on do not have it; those that run keep it until they end. What was granted with it ends at once.",
  file: "Where it is as it was given, it is taken away there.",
  pat: "What was granted with it ends at once: git can no longer fetch or push there.",
  oauth: "What was granted with it ends at once: git can no longer fetch or push there, and no pull request is opened.",
  ssh_key: "What was granted with it ends at once: git can no longer fetch or push there.",
  github_app:
    "What was granted with it ends at once: git can no longer fetch or push there, and no pull request is opened.",
};
