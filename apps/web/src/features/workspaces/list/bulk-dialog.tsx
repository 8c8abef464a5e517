import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Check, LoaderCircle, OctagonAlert } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ProblemText } from "../../../components/problem-text.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "../../../components/ui/dialog.tsx";
import { useToaster } from "../../../components/ui/toast.tsx";
import { toProblem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";
import { doToAll, type Bulk, type BulkAnswer } from "./bulk.ts";

const WORDS = {
  start: { verb: "Start", done: "started", means: "Their homes are as they were left." },
  stop: {
    verb: "Stop",
    done: "stopped",
    means: "Their terminals and every program in them end. Their homes stay, and they can be started again.",
  },
  delete: {
    verb: "Delete",
    done: "deleted",
    means:
      "Their homes are destroyed. One that holds work which is not committed or not pushed is kept, and says so; delete it by itself.",
  },
};

interface BulkDialogProps {
  bulk: Bulk;
  workspaces: readonly WorkspaceInfo[];
  /** With the ids of those that it was not done to, where it was begun. */
  close: (left?: readonly string[]) => void;
}

/**
 * Asks before something is done to several workspaces, and then says of each what became of it. While some are not begun yet, leaving it
 * calls those off instead, and so does leaving the page: nothing begins that nobody sees.
 */
export default function BulkDialog({ bulk, workspaces, close }: BulkDialogProps) {
  const { client } = useServices();
  const [answers, setAnswers] = useState<ReadonlyMap<string, BulkAnswer>>();
  const { verb, done, means } = WORDS[bulk];
  const toaster = useToaster();
  const run = useRef<AbortController>(undefined);
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      run.current?.abort();
    };
  }, []);
  const callOff = () => run.current?.abort();
  const states = [...(answers?.values() ?? [])];
  const waits = states.some(({ state }) => state === "waiting");
  const ended = answers !== undefined && !waits && states.every(({ state }) => state !== "doing");
  const finished = states.filter(({ state }) => state === "done").length;
  const leave = () => close(answers && workspaces.flatMap(({ id }) => (answers.get(id)?.state === "done" ? [] : [id])));
  const begin = () => {
    setAnswers(new Map(workspaces.map(({ id }) => [id, { state: "waiting" }])));
    const off = new AbortController();
    run.current = off;
    const names = new Map(workspaces.map(({ id, name }) => [id, name]));
    const tell = (id: string, answer: BulkAnswer) => {
      setAnswers((before) => new Map(before).set(id, answer));
      // Nobody sees it here any more.
      if (gone.current && answer.state === "refused")
        toaster.failed(`'${names.get(id)}' was not ${done}`, answer.error);
    };
    void doToAll(client, bulk, workspaces, tell, off.signal);
  };
  const several = workspaces.length === 1 ? "1 workspace" : `${workspaces.length} workspaces`;
  return (
    <Dialog open onOpenChange={(open) => !open && (waits ? callOff() : leave())}>
      <DialogContent width="narrow" title={`${verb} ${several}?`} description={means}>
        <DialogBody>
          <p role="status" className="sr-only">
            {ended && `${finished} of ${several} ${done}`}
          </p>
          <ul aria-label="Workspaces" className="divide-y divide-line rounded-lg border border-line">
            {workspaces.map(({ id, name }) => (
              <li key={id} className="px-3 py-2 text-sm">
                <div className="flex items-center justify-between gap-3">
                  <span className="truncate font-mono text-[0.8125rem]">{name}</span>
                  <Answer answer={answers?.get(id)} done={done} />
                </div>
                <Refusal answer={answers?.get(id)} />
              </li>
            ))}
          </ul>
        </DialogBody>
        <DialogFooter>
          {answers === undefined ? (
            <>
              <DialogClose asChild>
                <Button>Cancel</Button>
              </DialogClose>
              <Button variant={bulk === "delete" ? "danger" : "primary"} onClick={begin}>
                {verb} {several}
              </Button>
            </>
          ) : (
            <>
              {waits && <Button onClick={callOff}>Leave the rest</Button>}
              <Button variant="primary" busy={!ended} onClick={leave}>
                {ended ? "Close" : `${finished} of ${workspaces.length}`}
              </Button>
            </>
          )}
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

function Answer({ answer, done }: { answer: BulkAnswer | undefined; done: string }) {
  switch (answer?.state) {
    case "waiting":
      return <span className="text-[0.8125rem] text-muted">waits</span>;
    case "doing":
      return <LoaderCircle className="size-4 animate-spin text-busy" aria-label="under way" />;
    case "done":
      return (
        <span className="flex items-center gap-1 text-[0.8125rem] text-good">
          <Check className="size-4" aria-hidden />
          {done}
        </span>
      );
    case "left":
      return <span className="text-[0.8125rem] text-muted">not begun</span>;
    case "refused":
      return (
        <span className="flex items-center gap-1 text-[0.8125rem] text-bad">
          <OctagonAlert className="size-4" aria-hidden />
          not {done}
        </span>
      );
    case undefined:
      return null;
  }
}

function Refusal({ answer }: { answer: BulkAnswer | undefined }) {
  if (answer?.state !== "refused") return null;
  return (
    <div className="mt-1 text-[0.8125rem]">
      <ProblemText problem={toProblem(answer.error)} />
    </div>
  );
}
