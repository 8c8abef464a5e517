import { useQuery } from "@tanstack/react-query";
import type { ProviderInfo } from "@ws/rpc-contract";
import { Foot } from "../../../components/foot.tsx";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Badge } from "../../../components/ui/badge.tsx";
import { Section } from "../../../components/ui/page.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { SettingsHeader } from "../settings-header.tsx";
import { TryReference } from "./try-reference.tsx";

/** What leads from a reference in a prompt to something to work on, in the order in which it is asked. */
export default function ProvidersSection() {
  const { queries } = useServices();
  const list = useQuery(queries.providers.list.queryOptions());
  return (
    <>
      <SettingsHeader />
      <FailedQuery query={list} title="The providers could not be read" />
      <TryReference />
      {list.isPending && <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-4" />}
      {list.data !== undefined && (
        <Section
          title="Providers"
          description="Asked in this order. The first that knows a reference resolves it."
          bare
        >
          <ol aria-label="Providers" className="divide-y divide-line rounded-xl border border-line bg-surface">
            {list.data.map((provider) => (
              <ProviderRow key={provider.name} provider={provider} />
            ))}
          </ol>
        </Section>
      )}
      <Foot commands={["ws provider list", "ws ref resolve REFERENCE --peek"]} />
    </>
  );
}

function ProviderRow({ provider }: { provider: ProviderInfo }) {
  const { name, displayName, source, enabled, workflowType, locked, integrity, problem } = provider;
  return (
    <li className="space-y-0.5 px-4 py-3 text-[0.8125rem] text-muted">
      <p className="flex flex-wrap items-center gap-2 text-sm text-ink">
        <span className="font-medium">{displayName ?? name}</span>
        {workflowType !== undefined && <span className="font-mono break-all">#{workflowType}:…</span>}
        {!enabled && <Badge>Switched off</Badge>}
        {problem !== undefined && <Badge tone="bad">Cannot be used</Badge>}
        {integrity !== undefined && locked !== true && <Badge tone="warn">Not held to its content</Badge>}
      </p>
      <p className="break-all">
        <span className="font-mono">{name}</span> · {source === "built-in" ? "built in" : source}
        {locked === true && " · held to its content by its hash"}
      </p>
      {problem !== undefined && <p className="break-words text-bad">{problem}</p>}
    </li>
  );
}
