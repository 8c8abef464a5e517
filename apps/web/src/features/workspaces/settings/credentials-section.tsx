import type { GrantInfo, WorkspaceInfo } from "@ws/rpc-contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Pencil } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { useToaster } from "../../../components/ui/toast.tsx";
import { visible } from "../../../components/visible.ts";
import { toProblem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";
import { SelectionDialog } from "./selection-dialog.tsx";

/** Which of the worker's credentials it may use, and which rights at forges it has with them. */
export function CredentialsSection({ workspace }: { workspace: WorkspaceInfo }) {
  const { client, queries } = useServices();
  const queryClient = useQueryClient();
  const toaster = useToaster();
  const [choosing, setChoosing] = useState(false);
  const [revoking, setRevoking] = useState<GrantInfo>();
  const [granting, setGranting] = useState(false);
  const { name, repo, credentials = "all" } = workspace;
  const input = { name };
  const status = useQuery(queries.credentials.status.queryOptions({ input, staleTime: 0 }));
  const lookAgain = () => queryClient.invalidateQueries({ queryKey: queries.credentials.status.queryKey({ input }) });
  const grants = status.data?.grants;

  const grant = async () => {
    setGranting(true);
    try {
      await client.credentials.grant({ ...input, renews: true });
      await lookAgain();
      toaster.done("Its git reaches its repository from now on.");
    } catch (error) {
      toaster.failed("It has no right to its repository", error);
    } finally {
      setGranting(false);
    }
  };

  return (
    <Section
      title="Credentials"
      description="The worker keeps what is secret. A workspace has the right to use it for one repository, which can be ended."
      actions={
        <Button size="small" onClick={() => setChoosing(true)} aria-label="Change which credentials it may use">
          <Pencil aria-hidden />
          Change
        </Button>
      }
    >
      <Row label="May use" hint="Of the worker's credentials: variables, files, and those for forges.">
        {typeof credentials === "string" ? (
          <span className={credentials === "none" ? "text-muted" : undefined}>{credentials}</span>
        ) : (
          credentials.map((one) => (
            <Badge key={one}>
              <span className="font-mono">{visible(one)}</span>
            </Badge>
          ))
        )}
      </Row>
      {status.isError && (
        <div className="px-4 py-3 text-sm">
          <ProblemText problem={toProblem(status.error)} />
        </div>
      )}
      {grants?.map((one) => (
        <Grant key={one.id} grant={one} revoke={() => setRevoking(one)} />
      ))}
      {grants !== undefined && repo !== undefined && !grants.some((one) => one.repo === repo) && (
        <Row
          label="No right to its own repository"
          hint="It can be read only where it is public, and nothing is pushed."
        >
          <Button size="small" busy={granting} onClick={() => void grant()}>
            <KeyRound aria-hidden />
            Give it the right
          </Button>
        </Row>
      )}
      {choosing && (
        <SelectionDialog
          workspace={workspace}
          close={() => {
            setChoosing(false);
            void lookAgain();
          }}
        />
      )}
      {revoking !== undefined && (
        <ConfirmDialog
          title="Revoke this right?"
          description={`'${name}' no longer reaches ${visible(revoking.repo)} with '${visible(revoking.credential.name)}'.`}
          action="Revoke"
          failure="It was not revoked"
          act={async () => {
            await client.credentials.revoke({ name, repo: revoking.repo });
            await lookAgain();
            return undefined;
          }}
          close={() => setRevoking(undefined)}
        />
      )}
    </Section>
  );
}

function Grant({ grant, revoke }: { grant: GrantInfo; revoke: () => void }) {
  const { repo, access, branches, credential, renews, expires, force, tags, workflows } = grant;
  const more = [force && "force", tags && "tags", workflows && "workflows"].filter((word) => word !== false);
  return (
    <Row
      label={<span className="font-mono text-[0.8125rem] break-all">{visible(repo)}</span>}
      hint={
        <>
          {access === "write" ? `Writes to ${branches.map(visible).join(", ") || "no branch"}` : "Reads"}
          {more.length > 0 && `, with ${more.join(", ")}`}; with{" "}
          <span className="font-mono">{visible(credential.name)}</span>;{" "}
          {renews ? (
            "renewed while it lives"
          ) : (
            <>
              ends <TimeAgo at={expires} />
            </>
          )}
        </>
      }
    >
      <Button size="small" onClick={revoke} aria-label={`Revoke the right to ${visible(repo)}`}>
        Revoke
      </Button>
    </Row>
  );
}
