import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Setting } from "@ws/rpc-contract";
import { useState } from "react";
import { Foot } from "../../../components/foot.tsx";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { useServices } from "../../../services.ts";
import { AskedDialog } from "../credentials/asked-dialog.tsx";
import { FailedQuery } from "../failed-query.tsx";
import { SettingsHeader } from "../settings-header.tsx";
import { AppSection } from "./app-section.tsx";
import { ClientId } from "./client-id.tsx";
import { LoginPanel } from "./login-panel.tsx";
import { useLogin } from "./use-login.ts";

/** How the worker comes in at its GitHub: by a login of a person's, or as an app. */
export default function GitHubSection() {
  const { queries } = useServices();
  const list = useQuery(queries.credentials.list.queryOptions());
  const settings = useQuery(queries.config.settings.list.queryOptions());
  const isThere = list.data !== undefined && settings.data !== undefined;
  const host = new URL(textOf(settings.data, "github.url") || "https://github.com").host;
  return (
    <>
      <SettingsHeader />
      <FailedQuery query={list} title="The credentials could not be read" />
      <FailedQuery query={settings} title="The settings could not be read" />
      {!isThere && (list.isPending || settings.isPending) && (
        <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />
      )}
      {isThere && (
        <>
          <LoginSection host={host} clientId={textOf(settings.data, "github.clientId")} />
          <AppSection
            app={list.data.find(({ type }) => type === "github_app")}
            appId={textOf(settings.data, "github.appId")}
            host={host}
          />
          <Foot commands={["ws login github", "ws credential set github-app --app-id ID"]} />
        </>
      )}
    </>
  );
}

function LoginSection({ host, clientId }: { host: string; clientId: string }) {
  const { queries } = useServices();
  const cache = useQueryClient();
  const login = useLogin(() => void cache.invalidateQueries({ queryKey: queries.credentials.key() }));
  const list = useQuery(queries.credentials.list.queryOptions()).data ?? [];
  const known = list.find((credential) => credential.type === "oauth" && credential.host === host);
  const [isRemoving, setRemoving] = useState(false);
  const isUnderWay = login.state.kind === "asking" || login.state.kind === "code";
  return (
    <Section
      title="Login"
      description="In your own name: the worker fetches, pushes and opens pull requests as you. A code is typed at the forge, no password here."
    >
      {clientId === "" ? (
        <ClientId host={host} />
      ) : (
        <Row
          label={<span className="font-mono">{host}</span>}
          hint={
            known?.problem === undefined ? (
              known === undefined ? (
                "Not logged in"
              ) : (
                `Logged in${known.created === undefined ? "" : ` on ${new Date(known.created).toLocaleDateString()}`}`
              )
            ) : (
              <span className="text-bad">{known.problem}</span>
            )
          }
        >
          {known !== undefined && (
            <Button size="small" onClick={() => setRemoving(true)}>
              Log out…
            </Button>
          )}
          {!isUnderWay && (
            <Button variant={known === undefined ? "primary" : "secondary"} onClick={login.begin}>
              {known === undefined ? "Log in" : "Log in again"}
            </Button>
          )}
        </Row>
      )}
      <LoginPanel login={login} />
      {isRemoving && known !== undefined && (
        <AskedDialog credential={known} asked="remove" close={() => setRemoving(false)} />
      )}
    </Section>
  );
}

function textOf(settings: readonly Setting[] | undefined, key: string): string {
  const value = settings?.find((setting) => setting.key === key)?.value;
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
