import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeySquare, Plus } from "lucide-react";
import { useState } from "react";
import type { TokenInfo } from "@ws/rpc-contract";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { EmptyState } from "../../../components/ui/empty-state.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { Foot } from "../../../components/foot.tsx";
import { useCaller } from "../scope.ts";
import { SettingsHeader } from "../settings-header.tsx";
import { CreateTokenDialog } from "./create-token-dialog.tsx";
import { TokenRow } from "./token-row.tsx";

type Asked = { what: "create" } | { what: "revoke"; token: TokenInfo };

/** Tokens for scripts and other programs. */
export default function TokensSection() {
  const { client, queries } = useServices();
  const queryClient = useQueryClient();
  const caller = useCaller();
  const [asked, setAsked] = useState<Asked>();
  const list = useQuery({ ...queries.tokens.list.queryOptions(), refetchInterval: EVERY_MS });
  const listAgain = () => queryClient.invalidateQueries({ queryKey: queries.tokens.list.key() });
  const close = () => setAsked(undefined);
  const isOwn = ({ id }: TokenInfo) => caller?.who.endsWith(`(${id})`) === true;
  const create = (
    <Button variant="primary" onClick={() => setAsked({ what: "create" })}>
      <Plus aria-hidden />
      Create a token
    </Button>
  );
  const isEmpty = list.data?.length === 0;

  return (
    <>
      <SettingsHeader actions={!isEmpty && create} />
      <FailedQuery query={list} title="The tokens could not be read" />
      {list.isPending && <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />}
      {isEmpty && (
        <EmptyState Icon={KeySquare} title="No token" action={create} command="ws token create NAME">
          A script, a pipeline or another program uses this worker with a token of its own.
        </EmptyState>
      )}
      {list.data !== undefined && !isEmpty && (
        <>
          <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
            {list.data.map((token) => (
              <TokenRow
                key={token.id}
                token={token}
                isOwn={isOwn(token)}
                revoke={() => setAsked({ what: "revoke", token })}
              />
            ))}
          </ul>
          <Foot commands={["ws token list", "ws token create NAME --scope read", "ws token revoke NAME"]} />
        </>
      )}
      {asked?.what === "create" && <CreateTokenDialog close={close} onCreated={() => void listAgain()} />}
      {asked?.what === "revoke" && (
        <ConfirmDialog
          title={`Revoke '${asked.token.name}'?`}
          description={`Whatever uses it is refused from its next request on, and what it has open is closed. Tasks that it has queued do not begin.${isOwn(asked.token) ? " This browser uses it: you are signed out." : ""}`}
          action="Revoke"
          act={async () => {
            // Others may have the same name.
            await client.tokens.revoke({ token: asked.token.id });
            await listAgain();
            return undefined;
          }}
          failure="It was not revoked"
          close={close}
        />
      )}
    </>
  );
}

/** When they were used last changes no more often than every minute. */
const EVERY_MS = 30_000;
