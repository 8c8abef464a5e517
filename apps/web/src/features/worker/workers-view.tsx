import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import type { WorkerInfo, WorkspaceInfo } from "@ws/rpc-contract";
import { Command } from "../../components/command.tsx";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { Page, PageHeader } from "../../components/ui/page.tsx";
import { SegmentedControl } from "../../components/ui/segmented.tsx";
import { useServices } from "../../services.ts";
import { AllWorkspaces, type WorkersPlaces } from "./all-workspaces.tsx";
import { createFewAtOnce } from "./few-at-once.ts";
import { useWorkers } from "./use-workers.ts";
import { nextOf, placesQuery, reasonOf, WorkerCard, type CardFacts } from "./worker-card.tsx";
import { stateText } from "./worker-state.ts";

/** Of the six connections that a browser has, and of the patience that somebody has. */
const AT_ONCE = 2;
const WITHIN_MS = 8_000;

type View = "cards" | "table";
const VIEWS: readonly { value: View; label: string }[] = [
  { value: "cards", label: "Workers" },
  { value: "table", label: "All workspaces" },
];

interface Asked {
  /** Absent for the agent whose page this is. */
  worker?: string;
  facts: CardFacts;
  ask: (signal: AbortSignal) => Promise<readonly WorkspaceInfo[]>;
}

/** This agent, and all workers behind it. What they say of themselves stands at once; their workspaces come one by one. */
export default function WorkersView() {
  return (
    <Page wide>
      <PageHeader title="Workers" />
      <AllOfThem />
    </Page>
  );
}

function AllOfThem() {
  const { client, queries, behind } = useServices();
  const [query, setQuery] = useSearchParams();
  const view: View = query.get("view") === "table" ? "table" : "cards";
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
  const all: Asked[] = [
    { facts: own, ask: (signal) => few((until) => client.workspaces.list({}, { signal: until }), signal) },
    ...workers.map(({ name, ...worker }) => ({
      worker: name,
      facts: factsOf({ name, ...worker }, at),
      ask: (signal: AbortSignal) => few((until) => behind(name).workspaces.list({}, { signal: until }), signal),
    })),
  ];
  return (
    <>
      {workers.length > 0 && (
        <SegmentedControl<View>
          label="Show as"
          value={view}
          change={(next) => setQuery(next === "cards" ? {} : { view: next }, { replace: true })}
          choices={VIEWS}
          className="mb-4"
        />
      )}
      {view === "table" && workers.length > 0 ? (
        <TableOfAll
          all={all}
          text={query.get("q") ?? ""}
          change={(q) => setQuery({ view, ...(q && { q }) }, { replace: true })}
        />
      ) : (
        <ul className="grid gap-4 md:grid-cols-2">
          {all.map((one) => (
            <WorkerCard key={one.worker ?? ""} {...one} />
          ))}
        </ul>
      )}
      {workers.length === 0 && (
        <div className="mt-6 max-w-md space-y-2 text-sm text-muted">
          <p>No worker is behind this one. Add one on this machine, and start its agent as that says:</p>
          <Command>ws worker add NAME</Command>
        </div>
      )}
    </>
  );
}

/** What all of them have, as the cards have asked for it. */
function TableOfAll({ all, ...filter }: { all: readonly Asked[]; text: string; change: (text: string) => void }) {
  const answers = useQueries({
    queries: all.map(({ worker, facts, ask }) => ({
      ...placesQuery(worker, facts.mark, ask),
      enabled: facts.isOnline,
    })),
  });
  const places = all.map(({ worker, facts: { name, says, isOnline, state } }, at): WorkersPlaces => {
    const { data, error, isPending } = answers[at] ?? {};
    const why = !isOnline ? nextOf(state) : isPending === true ? "Asked now…" : reasonOf(error ?? null);
    return { worker, name, says, workspaces: data, ...(data === undefined && { why }) };
  });
  return <AllWorkspaces places={places} {...filter} />;
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
