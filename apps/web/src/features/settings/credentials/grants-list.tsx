import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { GrantInfo } from "@ws/rpc-contract";
import { useState } from "react";
import { Link } from "react-router";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Section } from "../../../components/ui/page.tsx";
import { useToaster } from "../../../components/ui/toast.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { expiryOf } from "./expiry.ts";

/** Which repositories workspaces may reach through the worker now; each right can be ended. */
export function GrantsList() {
  const { queries } = useServices();
  const status = useQuery(queries.credentials.status.queryOptions({ input: {} }));
  const [revoked, setRevoked] = useState<GrantInfo>();
  const grants = status.data?.grants ?? [];
  return (
    <Section
      title="Grants"
      description="What workspaces may do with repositories through the worker. Each gets its own when it is made."
      bare
    >
      <FailedQuery query={status} title="The grants could not be read" />
      {status.data !== undefined && grants.length === 0 && (
        <p className="rounded-xl border border-dashed border-line px-4 py-5 text-sm text-muted">
          No workspace has a right at a forge now.
        </p>
      )}
      {grants.length > 0 && (
        <ul aria-label="Grants" className="divide-y divide-line rounded-xl border border-line bg-surface">
          {grants.map((grant) => (
            <GrantRow key={grant.id} grant={grant} revoke={() => setRevoked(grant)} />
          ))}
        </ul>
      )}
      {revoked !== undefined && <RevokeDialog grant={revoked} close={() => setRevoked(undefined)} />}
    </Section>
  );
}

function GrantRow({ grant, revoke }: { grant: GrantInfo; revoke: () => void }) {
  const { workspace, repo, access, branches, force, workflows, credential, expires, renews, lastUsed } = grant;
  const [now] = useState(() => Date.now());
  return (
    <li className="flex items-start gap-3 px-4 py-3.5">
      <div className="min-w-0 flex-1 space-y-0.5 text-[0.8125rem] text-muted">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-ink">
          <Link
            to={`/w/${workspace}`}
            className="font-mono font-medium break-all underline decoration-line-strong underline-offset-2"
          >
            {workspace}
          </Link>
          <Badge>{access === "write" ? "Reads and pushes" : "Reads"}</Badge>
          {force && <Badge tone="warn">May rewrite branches</Badge>}
          {workflows && <Badge tone="warn">May change workflows</Badge>}
        </p>
        <p className="font-mono break-all">{repo.replace(/^https:\/\//, "")}</p>
        {access === "write" && branches.length > 0 && (
          <p>
            to <span className="font-mono break-all">{branches.join(", ")}</span>
          </p>
        )}
        <p>
          by <span className="font-mono break-all">{credential.name}</span> ·{" "}
          <span title={new Date(expires).toLocaleString()}>
            {renews ? "as long as the workspace is there" : endOf(expires, now)}
          </span>
          {lastUsed !== undefined && (
            <>
              {" "}
              · used <TimeAgo at={lastUsed} />
            </>
          )}
        </p>
      </div>
      <Button size="small" aria-label={`Revoke what ${workspace} may do with ${repo}`} onClick={revoke}>
        Revoke
      </Button>
    </li>
  );
}

/** Grants last hours, so that a day is no warning. */
function endOf(expires: string, now: number): string {
  const left = Date.parse(expires) - now;
  if (left <= 0 || left > 86_400_000) return expiryOf(expires, now).text.toLowerCase();
  const minutes = Math.ceil(left / 60_000);
  return minutes < 90 ? `for another ${minutes} min` : `for another ${Math.round(minutes / 60)} h`;
}

function RevokeDialog({ grant: { workspace, repo }, close }: { grant: GrantInfo; close: () => void }) {
  const { client, queries } = useServices();
  const toaster = useToaster();
  const cache = useQueryClient();
  return (
    <ConfirmDialog
      title={`Revoke the right of '${workspace}'?`}
      description={`Its git can no longer fetch from or push to ${repo} through the worker, from now on. At the forge it is ended too.`}
      action="Revoke"
      failure="It was not revoked"
      act={async () => {
        await client.credentials.revoke({ name: workspace, repo });
        toaster.done(`${workspace} no longer reaches ${repo}.`);
        await cache.invalidateQueries({ queryKey: queries.credentials.key() });
        return undefined;
      }}
      close={close}
    />
  );
}
