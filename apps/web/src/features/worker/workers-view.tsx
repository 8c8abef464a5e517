import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { WorkerInfo } from "@ws/rpc-contract";
import { Command } from "../../components/command.tsx";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { Page, PageHeader } from "../../components/ui/page.tsx";
import { useServices } from "../../services.ts";
import { createFewAtOnce } from "./few-at-once.ts";
import { useWorkers } from "./use-workers.ts";
import { WorkerCard, type CardFacts } from "./worker-card.tsx";
import { stateText } from "./worker-state.ts";

/** Of the six connections that a browser has, and of the patience that somebody has. */
const AT_ONCE = 2;
const WITHIN_MS = 8_000;

/** This agent, and all workers behind it. What they say of themselves stands at once; their workspaces come one by one. */
export default function WorkersView() {
  return (
    <Page wide>
      <PageHeader title="Workers" />
      <Cards />
    </Page>
  );
}

function Cards() {
  const { client, queries, behind } = useServices();
  const { workers, at } = useWorkers(true);
  const [few] = useState(() => createFewAtOnce(AT_ONCE, WITHIN_MS));
  const { data: info } = useQuery(queries.info.queryOptions());
  const tasks = useQuery(
    queries.tasks.list.queryOptions({
      input: { status: ["running", "waiting_input", "auth_failed", "limited"], limit: 1_000 },
    }),
  ).data;
  if (workers === undefined)
    return <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />;
  const running = tasks?.filter(({ status }) => status === "running").length;
  const own: CardFacts = {
    name: info?.hostname ?? "This worker",
    says: "The hub of the others",
    isOnline: true,
    version: info?.version,
    ...(tasks !== undefined && { tasksRunning: running, tasksWaiting: tasks.length - (running ?? 0) }),
  };
  return (
    <>
      <ul className="grid gap-4 md:grid-cols-2">
        <WorkerCard
          facts={own}
          ask={(signal) => few((until) => client.workspaces.list({}, { signal: until }), signal)}
        />
        {workers.map((worker) => (
          <WorkerCard
            key={worker.id}
            worker={worker.name}
            facts={factsOf(worker, at)}
            ask={(signal) => few((until) => behind(worker.name).workspaces.list({}, { signal: until }), signal)}
          />
        ))}
      </ul>
      {workers.length === 0 && (
        <div className="mt-6 max-w-md space-y-2 text-sm text-muted">
          <p>No worker is behind this one. Add one on this machine, and start its agent as that says:</p>
          <Command>ws worker add NAME</Command>
        </div>
      )}
    </>
  );
}

function factsOf(worker: WorkerInfo, at: number): CardFacts {
  const { name, state, hostname, version, grant, workspaces, running, tasksRunning, tasksWaiting, connectedAt } =
    worker;
  return {
    name,
    says: stateText({ ...worker, running: 0 }, at),
    isOnline: state === "online",
    state,
    hostname,
    version,
    grant,
    count: workspaces,
    tasksRunning,
    tasksWaiting,
    // Asked again when one of these is another.
    mark: `${connectedAt} ${workspaces} ${running}`,
  };
}
