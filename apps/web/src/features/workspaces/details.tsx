import type { WorkspaceInfo } from "@ws/rpc-contract";
import type { ReactNode } from "react";
import { bytes, span } from "../../components/amounts.ts";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { useNow } from "../../components/use-now.ts";
import { useLive } from "../../live/live-context.tsx";
import { StartupSteps } from "./startup-steps.tsx";
import { failureTitle, isOfFinalize } from "./status.ts";

/** How the workspace came up, what went wrong, and everything that is fixed about it. */
export default function WorkspaceDetails({ workspace }: { workspace: WorkspaceInfo }) {
  const { progress } = useLive();
  const now = useNow(workspace.startup.steps.some((step) => step.status === "running"));
  const { failure, limits } = workspace;
  const rows: [string, ReactNode][] = [
    ["Id", <Code key="id">{workspace.id}</Code>],
    ["Runtime", workspace.runtime],
    ...(workspace.runtime === "local"
      ? []
      : ([
          [
            "Container",
            workspace.containerId === "" ? "none" : <Code key="c">{workspace.containerId.slice(0, 24)}</Code>,
          ],
        ] satisfies [string, ReactNode][])),
    ["Isolation", isolation[workspace.isolation]],
    ["Profile", workspace.runtime === "local" ? workspace.profile : profile[workspace.profile]],
    ...(workspace.nested === true
      ? ([["Nested", "Runs Docker: nearly the rights of root on its machine."]] satisfies [string, ReactNode][])
      : []),
    ...(workspace.devcontainer === undefined
      ? []
      : ([["Follows", <Code key="dc">{workspace.devcontainer}</Code>]] satisfies [string, ReactNode][])),
    ["Image", workspace.image === undefined ? "the worker's own" : <Code key="i">{workspace.image}</Code>],
    ["Repository", workspace.repo === undefined ? "none" : <Code key="r">{workspace.repo}</Code>],
    ["Branch", workspace.branch === undefined ? "none" : <Code key="b">{workspace.branch}</Code>],
    ...(workspace.baseBranch === undefined
      ? []
      : ([["Begun from", <Code key="base">{workspace.baseBranch}</Code>]] satisfies [string, ReactNode][])),
    ...(workspace.pullRequest === undefined
      ? []
      : ([["Pull request", <PullRequestLink key="pr" {...workspace.pullRequest} />]] satisfies [string, ReactNode][])),
    ["Directory", workspace.directory === undefined ? "not known yet" : <Code key="d">{workspace.directory}</Code>],
    ["CPUs", limits.cpus ?? "the worker's default"],
    ["Memory", limits.memoryBytes === undefined ? "the worker's default" : bytes(limits.memoryBytes)],
    ["Processes", limits.processes ?? "the worker's default"],
    ["Disk", workspace.diskBytes === undefined ? "not measured yet" : bytes(workspace.diskBytes)],
    ["Stops after", workspace.ttlSeconds === undefined ? "never" : `${span(workspace.ttlSeconds * 1000)} of running`],
    ...(workspace.stopsInSeconds === undefined
      ? []
      : ([["Time left", span(workspace.stopsInSeconds * 1000)]] satisfies [string, ReactNode][])),
    ["Created", <TimeAgo key="created" at={workspace.created} />],
    ["Last used", <TimeAgo key="used" at={workspace.lastUsed} />],
  ];
  const notice = failure !== undefined && (
    <Notice tone="bad" title={failureTitle(workspace, failure.step)} className="mb-4">
      <ProblemText problem={failure} />
    </Notice>
  );
  return (
    <div className="grid items-start gap-8 lg:grid-cols-2">
      <section aria-labelledby="startup">
        {failure !== undefined && isOfFinalize(failure.step) && notice}
        <h2 id="startup" className="mb-3 text-base font-semibold">
          Startup
        </h2>
        {failure !== undefined && !isOfFinalize(failure.step) && notice}
        <StartupSteps workspace={workspace} progress={progress.get(workspace.id)} now={now} />
      </section>
      <section aria-labelledby="facts">
        <h2 id="facts" className="mb-3 text-base font-semibold">
          About
        </h2>
        <dl className="divide-y divide-line text-sm">
          {rows.map(([term, value]) => (
            <div key={term} className="flex gap-4 py-2 first:pt-0">
              <dt className="w-28 shrink-0 text-muted">{term}</dt>
              <dd className="min-w-0 break-words">{value}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

function PullRequestLink({ number, url, state, draft }: NonNullable<WorkspaceInfo["pullRequest"]>) {
  // Only what a browser opens as a page: the address comes from a forge.
  const text = `#${number}, ${draft ? "draft" : state}`;
  if (!url.startsWith("https://")) return text;
  return (
    <a className="text-accent underline underline-offset-2" href={url} target="_blank" rel="noreferrer">
      {text}
    </a>
  );
}

const isolation = {
  container: "container",
  sandbox: "sandbox of the worker's own user",
  none: "none: it can reach all files of the worker's own user",
};

const profile = {
  person: "person: sudo works, the network is open",
  agent: "agent: no sudo, no capabilities, no open network",
};

function Code({ children }: { children: string }) {
  return <code className="font-mono text-[0.8125rem] break-all">{children}</code>;
}
