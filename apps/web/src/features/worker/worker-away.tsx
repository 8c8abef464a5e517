import { Unplug } from "lucide-react";
import { useEffect, type ReactNode } from "react";
import { PageTitle } from "../../components/page-title.tsx";
import { buttonVariants } from "../../components/ui/button.tsx";
import { useServices } from "../../services.ts";
import { dashboardOf } from "../../worker-address.ts";
import { useWorkers } from "./use-workers.ts";
import { stateText } from "./worker-state.ts";

interface WorkerAwayProps {
  worker: string;
  /** What is shown where it is there, or where that is not known yet. */
  children: ReactNode;
}

/** In place of the pages of a worker that is not there, and of which nothing is known yet. */
export default function WorkerAway({ worker, children }: WorkerAwayProps) {
  const { connection } = useServices();
  const { workers, at } = useWorkers(true);
  const known = workers?.find(({ name }) => name === worker);
  const isThere = known?.state === "online";
  useEffect(() => {
    if (isThere) connection.retryNow();
  }, [isThere, connection]);
  if (workers === undefined || isThere) return children;
  return (
    <div className="mx-auto flex max-w-md flex-1 flex-col items-center justify-center px-5 text-center">
      <PageTitle>{known === undefined ? "Not found" : "Offline"}</PageTitle>
      <Unplug className="size-8 text-muted" aria-hidden />
      {known === undefined ? (
        <>
          <h1 className="mt-3 text-xl font-semibold">There is no worker “{worker}”</h1>
          <p className="mt-1.5 text-muted">It may have another name now, or have been removed.</p>
        </>
      ) : (
        <>
          <h1 className="mt-3 text-xl font-semibold">{worker} is offline</h1>
          <p role="status" className="mt-1.5 text-muted">
            {stateText(known, at)}.
          </p>
          <p className="mt-1.5 text-muted">{NEXT[known.state] ?? NEXT["offline"]}</p>
        </>
      )}
      <a href={dashboardOf(undefined)} className={buttonVariants({ className: "mt-6" })}>
        Go to the hub
      </a>
    </div>
  );
}

const NEXT: Readonly<Record<string, string>> = {
  offline: "Its workspaces, terminals and tasks go on. This page comes back by itself when the worker does.",
  expected: "It has never been there. Start its agent as the hub said when the worker was added.",
  revoked: "Its token was revoked. Remove it on the hub and add it again.",
};
