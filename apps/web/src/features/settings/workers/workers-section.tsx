import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Network, Plus } from "lucide-react";
import { useState } from "react";
import type { WorkerInfo } from "@ws/rpc-contract";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Button, buttonVariants } from "../../../components/ui/button.tsx";
import { EmptyState } from "../../../components/ui/empty-state.tsx";
import { Section } from "../../../components/ui/page.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { Foot } from "../../../components/foot.tsx";
import { useMay } from "../scope.ts";
import { SettingsHeader } from "../settings-header.tsx";
import { AddWorkerDialog } from "./add-worker-dialog.tsx";
import { OwnHub } from "./own-hub.tsx";
import { RenameWorkerDialog } from "./rename-worker-dialog.tsx";
import { WorkerRow } from "./worker-row.tsx";

type Asked = { what: "add" } | { what: "rename" | "remove"; worker: WorkerInfo };

/** The workers that dial out to this one, and the hub that this one dials out to. */
export default function WorkersSection() {
  const { hub, worker } = useServices();
  if (worker !== undefined) return <BehindHub worker={worker} />;
  return <OfHub queries={hub} />;
}

/** Who is behind a hub is managed there. */
function BehindHub({ worker }: { worker: string }) {
  return (
    <>
      <SettingsHeader />
      <EmptyState
        Icon={Network}
        title={`${worker} is behind a hub`}
        action={
          <a href="/settings/workers" className={buttonVariants({ variant: "primary" })}>
            Workers of the hub
          </a>
        }
      >
        Workers are added, renamed and removed at the hub whose page this is.
      </EmptyState>
      <OwnHub />
    </>
  );
}

function OfHub({ queries }: { queries: ReturnType<typeof useServices>["hub"] }) {
  const queryClient = useQueryClient();
  const mayChange = useMay("admin");
  const [asked, setAsked] = useState<Asked>();
  const list = useQuery({ ...queries.workers.list.queryOptions(), refetchInterval: EVERY_MS });
  const listAgain = () => queryClient.invalidateQueries({ queryKey: queries.workers.list.key() });
  const close = () => setAsked(undefined);
  const add = mayChange && (
    <Button variant="primary" onClick={() => setAsked({ what: "add" })}>
      <Plus aria-hidden />
      Add a worker
    </Button>
  );
  const { data } = list;
  return (
    <>
      <SettingsHeader actions={data !== undefined && data.length > 0 && add} />
      <FailedQuery query={list} title="The workers could not be read" />
      {list.isPending && <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />}
      {data?.length === 0 && (
        <EmptyState Icon={Network} title="No worker is behind this one" action={add} command="ws worker add NAME">
          Another machine that nobody can dial may dial out to this one, its hub, and is then used from here: one
          address and one sign-in for all.
        </EmptyState>
      )}
      {data !== undefined && data.length > 0 && (
        <Section
          title="Behind this worker"
          actions={
            <a href="/workers" className={buttonVariants({ size: "small", variant: "ghost" })}>
              Watch them
            </a>
          }
          bare
        >
          <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
            {data.map((worker) => (
              <WorkerRow
                key={worker.id}
                worker={worker}
                at={list.dataUpdatedAt}
                mayChange={mayChange}
                rename={() => setAsked({ what: "rename", worker })}
                remove={() => setAsked({ what: "remove", worker })}
              />
            ))}
          </ul>
        </Section>
      )}
      <OwnHub />
      <Foot commands={["ws worker list", "ws worker add NAME", "ws worker rename", "ws worker remove"]} />
      {asked?.what === "add" && <AddWorkerDialog close={close} onAdded={() => void listAgain()} />}
      {asked?.what === "rename" && (
        <RenameWorkerDialog worker={asked.worker} close={close} onRenamed={() => void listAgain()} />
      )}
      {asked?.what === "remove" && (
        <ConfirmDialog
          title={`Remove '${asked.worker.name}'?`}
          description="Its token is revoked and its link ends at once: it cannot be reached from here any more. The worker itself, its workspaces and what runs in them go on."
          action="Remove"
          act={async () => {
            await queries.workers.remove.call({ worker: asked.worker.id });
            await listAgain();
            return undefined;
          }}
          failure="It was not removed"
          close={close}
        />
      )}
    </>
  );
}

const EVERY_MS = 4_000;
