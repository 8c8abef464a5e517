import type { CreateInput, WorkspaceInfo } from "@ws/rpc-contract";
import { useRef, useState } from "react";
import { useCloseGuard } from "../../../components/close-guard.tsx";
import { Dialog, DialogContent } from "../../../components/ui/dialog.tsx";
import { toProblem, type Problem } from "../../../problem.ts";
import { createAttempts } from "../../../idempotency.ts";
import { useServices } from "../../../services.ts";
import { useLive } from "../../../live/live-context.tsx";
import { CreateForm } from "./create-form.tsx";
import { CreateProgress } from "./create-progress.tsx";
import { emptyForm, formFromLink, type FormValues } from "./form.ts";

interface CreateDialogProps {
  /** The query of the address, with which a link fills in the form; nothing is created until the button is pressed. */
  link: URLSearchParams;
  close: () => void;
  onReady: (name: string) => void;
}

/** From the form to a workspace that is ready, or to what went wrong and what can be done about it. */
export default function CreateDialog({ link, close, onReady }: CreateDialogProps) {
  const { client } = useServices();
  const { workspaces } = useLive();
  const [prefill] = useState(() => formFromLink(link));
  const [values, setValues] = useState<FormValues>({ ...emptyForm, ...prefill });
  const [created, setCreated] = useState<WorkspaceInfo>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [attempts] = useState(() => createAttempts(() => crypto.getRandomValues(new Uint32Array(4)).join("-")));
  const dirty = useRef(false);
  // What is created goes on without the dialog, and says so.
  const guard = useCloseGuard({ isTyped: () => dirty.current && created === undefined, busy, close });

  const submit = async (input: CreateInput) => {
    setBusy(true);
    setProblem(undefined);
    try {
      setCreated(await client.workspaces.create({ ...input, idempotencyKey: attempts.keyFor(input), wait: false }));
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  };
  const current = created && (workspaces?.find(({ id }) => id === created.id) ?? created);

  return (
    <Dialog open onOpenChange={guard.onOpenChange}>
      <DialogContent
        title={current === undefined ? "New workspace" : current.name}
        description={describe(current)}
        width="wide"
        {...guard.content}
      >
        {current === undefined ? (
          <CreateForm
            values={values}
            onChange={(next) => {
              dirty.current = true;
              setValues(next);
            }}
            fromLink={Object.keys(prefill).length > 0}
            problem={problem}
            busy={busy}
            question={guard.question}
            onSubmit={(input) => void submit(input)}
          />
        ) : (
          <CreateProgress
            workspace={current}
            onReady={() => onReady(current.name)}
            onAgain={() => {
              // The failed one is gone by now, so that the next create is a new one even with the same input.
              attempts.renew();
              setCreated(undefined);
            }}
          />
        )}
      </DialogContent>
    </Dialog>
  );
}

function describe(workspace: WorkspaceInfo | undefined): string {
  if (workspace === undefined) return "Your repository, with a home of its own.";
  if (workspace.status === "error") return "It is kept until you discard it or it works.";
  return "You can close this; the worker carries on.";
}
