import { useQuery } from "@tanstack/react-query";
import type { CredentialInfo } from "@ws/rpc-contract";
import { useState } from "react";
import { Button } from "../../../components/ui/button.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { useServices } from "../../../services.ts";
import { AskedDialog } from "../credentials/asked-dialog.tsx";
import { FailedQuery } from "../failed-query.tsx";
import { AppDialog } from "./app-dialog.tsx";
import { Installations } from "./installations.tsx";

interface AppSectionProps {
  app: CredentialInfo | undefined;
  appId: string;
  host: string;
}

/** The worker's GitHub App, who GitHub says it is, and where it is installed. */
export function AppSection({ app, appId, host }: AppSectionProps) {
  const { queries } = useServices();
  const [asked, setAsked] = useState<"set" | "remove">();
  const close = () => setAsked(undefined);
  const test = useQuery({
    ...queries.credentials.test.queryOptions({ input: { name: "github-app" } }),
    enabled: app !== undefined && app.problem === undefined,
    retry: false,
    staleTime: 60_000,
  });
  return (
    <Section
      title="GitHub App"
      description="Gives each workspace a token for its one repository, for an hour at a time. The best there is for a team."
      actions={
        app !== undefined && (
          <Button size="small" busy={test.isFetching} onClick={() => void test.refetch()}>
            Test
          </Button>
        )
      }
    >
      {app === undefined ? (
        <Row label="No app is set up" hint="Make one at GitHub with the permission Contents: read and write.">
          <Button onClick={() => setAsked("set")}>Set up…</Button>
        </Row>
      ) : (
        <>
          <Row
            label={<span className="font-mono">{test.data?.login ?? app.source}</span>}
            hint={
              app.problem === undefined ? (
                `${app.source} · ${host} · ${usersOf(app.usedBy.length)}`
              ) : (
                <span className="text-bad">{app.problem}</span>
              )
            }
          >
            <Button size="small" onClick={() => setAsked("set")}>
              Replace…
            </Button>
            <Button size="small" onClick={() => setAsked("remove")}>
              Remove…
            </Button>
          </Row>
          {test.error !== null && (
            <div className="px-4 pt-4">
              <FailedQuery query={test} title={`${host} does not take the app`} />
            </div>
          )}
          {test.isLoading && (
            <LoadingLines label="Asking where it is installed…" widths={["w-44", "w-56"]} className="px-4 py-3" />
          )}
          {test.data?.installations !== undefined && (
            <Installations installations={test.data.installations} host={host} />
          )}
        </>
      )}
      {asked === "set" && <AppDialog appId={appId} host={host} close={close} />}
      {asked === "remove" && app !== undefined && <AskedDialog credential={app} asked="remove" close={close} />}
    </Section>
  );
}

function usersOf(count: number): string {
  if (count === 0) return "no workspace uses it";
  return count === 1 ? "one workspace uses it" : `${count} workspaces use it`;
}
