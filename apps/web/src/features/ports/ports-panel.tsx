import type { WorkspaceInfo, WorkspacePort } from "@ws/rpc-contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ExternalLink, Plug, Plus } from "lucide-react";
import { useState } from "react";
import { Command } from "../../components/command.tsx";
import { copyText } from "../../components/copy-text.ts";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { Page, PageHeader, Section } from "../../components/ui/page.tsx";
import { useToaster } from "../../components/ui/toast.tsx";
import { useVerbs } from "../../components/verbs/verbs-context.tsx";
import { toProblem } from "../../problem.ts";
import { useConnection, useServices } from "../../services.ts";
import { AskPreview } from "./ask-preview.tsx";
import { PortDialog } from "./port-dialog.tsx";
import { PortRow } from "./port-row.tsx";
import { forwardCommand, withName } from "./ports.ts";
import { usePreview } from "./use-preview.ts";

/** How old what is shown may be; a hidden page does not ask. */
const EVERY_MS = 2_000;

/** What listens in a workspace, what its ports are called, and the ways to them. */
export default function PortsPanel({ workspace }: { workspace: WorkspaceInfo }) {
  const { client, queries, worker } = useServices();
  const { kind: connection } = useConnection();
  const queryClient = useQueryClient();
  const toaster = useToaster();
  const { name } = workspace;
  const running = workspace.status === "running";
  const input = { name };
  const listed = useQuery(
    queries.ports.list.queryOptions({ input, staleTime: 0, refetchInterval: running ? EVERY_MS : false }),
  );
  const preview = usePreview(workspace);
  const [naming, setNaming] = useState<{ port: WorkspacePort | undefined }>();
  const ports = listed.data;
  const closed =
    worker === undefined
      ? undefined
      : "A hub does not lead to previews: use the worker's own address, or forward the port.";

  useVerbs(() => [
    { id: "ports.name", label: "Name a port…", group: name, icon: Plus, run: () => setNaming({ port: undefined }) },
    ...(closed === undefined ? (ports ?? []) : []).flatMap((port) =>
      port.listening
        ? {
            id: `ports.preview ${port.port}`,
            label: `Preview of port ${port.port}`,
            group: name,
            words: `${port.label ?? ""} open server`,
            icon: ExternalLink,
            run: () => preview.open(port.port),
          }
        : [],
    ),
  ]);

  const unname = async ({ port }: WorkspacePort) => {
    try {
      const all = await client.ports.list(input);
      const next = await client.ports.set({ name, ports: withName(all, port, undefined) });
      queryClient.setQueryData(queries.ports.list.queryKey({ input }), next);
    } catch (error) {
      toaster.failed(`Port ${port} still has its name`, error);
    }
  };
  const copyForward = async (port: WorkspacePort) => {
    const command = forwardCommand(name, port);
    if (await copyText(command)) toaster.done(`Copied: ${command}`);
    else toaster.failed("The command was not copied", new Error(`Type it: ${command}`));
  };
  const first = ports?.find(({ listening }) => listening)?.port ?? 3000;

  return (
    <Page>
      <PageHeader
        title="Ports"
        description="What listens in the workspace now. A preview shows it in a tab of its own; nothing is opened to the network."
        actions={
          <Button size="small" onClick={() => setNaming({ port: undefined })}>
            <Plus aria-hidden />
            Name a port
          </Button>
        }
      />
      {!running && <Notice tone="warn" title="The workspace does not run: nothing listens in it." className="mb-5" />}
      {listed.isError && connection !== "down" && (
        <Notice tone="bad" title="What listens could not be read" className="mb-5">
          <ProblemText problem={toProblem(listed.error)} />
        </Notice>
      )}
      {closed !== undefined && <Notice tone="warn" title={closed} className="mb-5" />}
      {ports === undefined ? (
        !listed.isError && (
          <div className="rounded-xl border border-line bg-surface p-4">
            <LoadingLines label="Looking for what listens…" widths={["w-44", "w-64"]} />
          </div>
        )
      ) : ports.length === 0 ? (
        <EmptyState Icon={Plug} title="Nothing listens yet" command={`ws ports ${name} 3000=web`}>
          Start a server in a terminal, and it is here within two seconds. Or give a port a name that stays.
        </EmptyState>
      ) : (
        <ul aria-label="Ports" className="divide-y divide-line rounded-xl border border-line bg-surface">
          {ports.map((port) => (
            <PortRow
              key={port.port}
              port={port}
              closed={closed}
              opening={preview.opening === port.port}
              open={() => preview.open(port.port)}
              copyLink={() => void preview.copyLink(port.port)}
              copyForward={() => void copyForward(port)}
              name={() => setNaming({ port })}
              unname={() => void unname(port)}
            />
          ))}
        </ul>
      )}
      <Section
        title="From your machine"
        description="Forwarding brings a port to this device's own loopback, for databases and all else that is no page."
        bare
        className="mt-8"
      >
        <div className="grid gap-2 sm:grid-cols-2">
          <Command>{`ws forward ${name} ${first}`}</Command>
          <Command>{`ws open ${name} ${first}`}</Command>
          <Command>{`ssh -L ${first}:localhost:${first} ${name}.ws`}</Command>
          <Command>{`ws ports ${name}`}</Command>
        </div>
      </Section>
      {naming !== undefined && <PortDialog workspace={name} port={naming.port} close={() => setNaming(undefined)} />}
      {preview.asked !== undefined && (
        <AskPreview workspace={name} port={preview.asked} agree={preview.agree} cancel={preview.cancel} />
      )}
    </Page>
  );
}
