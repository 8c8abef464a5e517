import { useQuery } from "@tanstack/react-query";
import type { InfoResponse } from "@ws/rpc-contract";
import { span } from "../../../components/amounts.ts";
import { Command } from "../../../components/command.tsx";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Dot } from "../../../components/ui/dot.tsx";
import { Kbd } from "../../../components/ui/kbd.tsx";
import { Row, Section } from "../../../components/ui/page.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { Foot } from "../../../components/foot.tsx";
import { SettingsHeader } from "../settings-header.tsx";
import { Checks } from "./checks.tsx";

/** What this worker is, how it is, and what to send on where something is wrong. */
export default function AboutSection() {
  const { queries, worker } = useServices();
  const info = useQuery({ ...queries.info.queryOptions(), refetchInterval: EVERY_MS });
  return (
    <>
      <SettingsHeader />
      <FailedQuery query={info} title="The worker could not be asked" />
      {info.isPending && <LoadingLines label="Loading…" widths={["w-44", "w-56", "w-36"]} className="py-2" />}
      {info.data !== undefined && <Facts info={info.data} />}
      <Checks />
      <Section
        title="For whoever helps"
        description="A text with versions, checks, settings and the end of the log, without secrets. It is made on the worker itself."
      >
        <div className="px-4 py-3">
          <Command>ws doctor --bundle worker.txt</Command>
        </div>
      </Section>
      <Section title="More">
        <Row label="Keys" hint="Everything that can be done by keys, on any page">
          <Kbd keys="?" />
        </Row>
        {worker === undefined && (
          <Row label="API" hint="Every call of the worker, described by itself">
            <a href="/api" className="text-accent underline underline-offset-2">
              Open its page
            </a>
          </Row>
        )}
        <Row label="Metrics" hint="For Prometheus, with a token of the scope metrics">
          <span className="font-mono text-[0.8125rem]">GET /metrics</span>
        </Row>
        <Row
          label="Licence"
          hint="Workspace is free software. Its typeface IBM Plex is under the SIL Open Font License 1.1."
        >
          Apache-2.0
        </Row>
      </Section>
      <Foot commands={["ws info", "ws doctor", "ws agent status"]} />
    </>
  );
}

/** How long it runs, and how many look at it, are looked at. */
const EVERY_MS = 15_000;

const ISOLATION: Readonly<Record<InfoResponse["isolation"], string>> = {
  container: "In containers",
  sandbox: "In a sandbox",
  none: "Without isolation",
};

function Facts({ info }: { info: InfoResponse }) {
  const { hostname, version, runtime, isolation, dockerVersion, engineAvailable, started, uptime, directory } = info;
  const { address, pin, hub, workspacesCount, terminalConnections, remarks } = info;
  return (
    <Section title="This worker">
      <Row label="Machine">
        <Mono>{hostname}</Mono>
      </Row>
      <Row label="Version">
        <Mono>{version}</Mono>
      </Row>
      <Row label="New workspaces run on" hint={ISOLATION[isolation]}>
        <span className="flex items-center gap-2">
          <Dot tone={engineAvailable ? "good" : "bad"} />
          {runtime === "docker" ? `Docker ${dockerVersion}` : "This machine itself"}
          {!engineAvailable && ", which does not answer"}
        </span>
      </Row>
      <Row label="Runs for" hint={started !== undefined && <>Since {new Date(started).toLocaleString()}</>}>
        <span className="tabular-nums">{span(uptime * 1_000)}</span>
      </Row>
      <Row label="Workspaces">
        <span className="tabular-nums">{workspacesCount}</span>
      </Row>
      <Row label="Open terminals">
        <span className="tabular-nums">{terminalConnections}</span>
      </Row>
      {address !== undefined && (
        <Row label="Address" hint="Where it answers a browser of its own machine">
          <Mono>{address}</Mono>
        </Row>
      )}
      <Row label="This page's address" hint="By which this browser reaches it">
        <Mono>{location.origin}</Mono>
      </Row>
      {pin !== undefined && (
        <Row label="Pin of its TLS key" hint="What paired devices know it by">
          <Mono>{pin}</Mono>
        </Row>
      )}
      {hub !== undefined && (
        <Row label="Hub" hint={hub.problem}>
          <span className="flex flex-wrap items-center gap-2">
            <Dot tone={hub.state === "connected" ? "good" : hub.state === "refused" ? "bad" : "busy"} />
            {hub.state}
            <Mono>{hub.url}</Mono>
          </span>
        </Row>
      )}
      {directory !== undefined && (
        <Row label="Directory" hint="Where the state of its workspaces lies">
          <Mono>{directory}</Mono>
        </Row>
      )}
      {remarks.length > 0 && (
        <Row
          label="Worth knowing"
          hint={
            <ul className="list-disc space-y-1 pl-5">
              {remarks.map((remark) => (
                <li key={remark}>{remark}</li>
              ))}
            </ul>
          }
        />
      )}
    </Section>
  );
}

function Mono({ children }: { children: string }) {
  return <span className="font-mono text-[0.8125rem] break-all">{children}</span>;
}
