import { useQuery } from "@tanstack/react-query";
import type { CredentialInfo } from "@ws/rpc-contract";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { Foot } from "../../../components/foot.tsx";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { EmptyState } from "../../../components/ui/empty-state.tsx";
import { Section } from "../../../components/ui/page.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { SettingsHeader } from "../settings-header.tsx";
import { AddMenu } from "./add-menu.tsx";
import { AskedDialog } from "./asked-dialog.tsx";
import type { Asked } from "./credential-actions.tsx";
import { CredentialDialog } from "./credential-dialog.tsx";
import { CredentialRow } from "./credential-row.tsx";
import type { AddedKind } from "./form.ts";
import { GrantsList } from "./grants-list.tsx";
import { SHELVES } from "./kinds.ts";

type Open = { kind: AddedKind } | { credential: CredentialInfo; asked: Asked };

/** Everything that workspaces may use, and what is the matter with it. */
export default function CredentialsSection() {
  const { queries } = useServices();
  const list = useQuery(queries.credentials.list.queryOptions());
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const add = <AddMenu add={(kind) => setOpen({ kind })} />;
  const isEmpty = list.data?.length === 0;
  return (
    <>
      <SettingsHeader actions={!isEmpty && add} />
      <FailedQuery query={list} title="The credentials could not be read" />
      {list.isPending && <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />}
      {isEmpty && (
        <EmptyState Icon={KeyRound} title="No credential yet" action={add} command="ws credential set env.NAME">
          Keys of coding tools, tokens of forges and files that workspaces are to have.
        </EmptyState>
      )}
      {list.data !== undefined && !isEmpty && (
        <>
          <Shelves credentials={list.data} ask={(credential, asked) => setOpen({ credential, asked })} />
          <GrantsList />
          <Foot commands={["ws credential list", "ws credential set NAME"]} />
        </>
      )}
      {open !== undefined &&
        ("kind" in open ? <CredentialDialog what={open} close={close} /> : <AskedDialog {...open} close={close} />)}
    </>
  );
}

interface ShelvesProps {
  credentials: readonly CredentialInfo[];
  ask: (credential: CredentialInfo, asked: Asked) => void;
}

function Shelves({ credentials, ask }: ShelvesProps) {
  return SHELVES.map(({ id, title, about, has }) => ({ id, title, about, those: credentials.filter(has) }))
    .filter(({ those }) => those.length > 0)
    .map(({ id, title, about, those }) => (
      <Section key={id} title={title} description={about} bare>
        <ul aria-label={title} className="divide-y divide-line rounded-xl border border-line bg-surface">
          {those.map((credential) => (
            <CredentialRow key={credential.name} credential={credential} ask={(asked) => ask(credential, asked)} />
          ))}
        </ul>
      </Section>
    ));
}
