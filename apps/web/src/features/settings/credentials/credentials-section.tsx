import { useQuery } from "@tanstack/react-query";
import type { CredentialInfo } from "@ws/rpc-contract";
import { KeyRound } from "lucide-react";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { EmptyState } from "../../../components/ui/empty-state.tsx";
import { Section } from "../../../components/ui/page.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { SettingsHeader } from "../settings-header.tsx";
import { CredentialRow } from "./credential-row.tsx";
import { SHELVES } from "./kinds.ts";

/** Everything that workspaces may use, and what is the matter with it. */
export default function CredentialsSection() {
  const { queries } = useServices();
  const list = useQuery(queries.credentials.list.queryOptions());
  return (
    <>
      <SettingsHeader />
      <FailedQuery query={list} title="The credentials could not be read" />
      {list.data === undefined ? (
        list.isPending && <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />
      ) : list.data.length === 0 ? (
        <EmptyState Icon={KeyRound} title="No credential yet" command="ws credential set env.NAME">
          Keys of coding tools, tokens of forges and files that workspaces are to have.
        </EmptyState>
      ) : (
        <Shelves credentials={list.data} />
      )}
    </>
  );
}

function Shelves({ credentials }: { credentials: readonly CredentialInfo[] }) {
  return SHELVES.map(({ id, title, about, has }) => ({ id, title, about, those: credentials.filter(has) }))
    .filter(({ those }) => those.length > 0)
    .map(({ id, title, about, those }) => (
      <Section key={id} title={title} description={about} bare>
        <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
          {those.map((credential) => (
            <CredentialRow key={credential.name} credential={credential} />
          ))}
        </ul>
      </Section>
    ));
}
