import type { WorkspaceInfo } from "@ws/rpc-contract";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { compareAddress } from "../../../components/compare-address.ts";
import { bytes, span } from "../../../components/amounts.ts";
import { TimeAgo } from "../../../components/time-ago.tsx";

/** What is fixed about a workspace, and what it may use. */
export function Facts({ workspace }: { workspace: WorkspaceInfo }) {
  return (
    <section aria-labelledby="facts">
      <h2 id="facts" className="mb-2 font-semibold">
        About
      </h2>
      <dl className="grid gap-x-10 text-sm lg:grid-cols-2">
        {factsOf(workspace).map(([term, value]) => (
          <div key={term} className="flex gap-4 border-b border-line py-2">
            <dt className="w-28 shrink-0 text-muted">{term}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function factsOf(workspace: WorkspaceInfo): [string, ReactNode][] {
  const { limits, execution } = workspace;
  const code = (text: string) => <code className="font-mono text-[0.8125rem] break-all">{text}</code>;
  const among = <T,>(value: T | undefined, show: (value: T) => ReactNode): ReactNode =>
    value === undefined ? undefined : show(value);
  const rows: [string, ReactNode][] = [
    ["Repository", among(workspace.repo, code) ?? "none"],
    ["Branch", among(workspace.branch, code) ?? "none"],
    ["Begun from", among(workspace.baseBranch, code)],
    ["Directory", among(workspace.directory, code) ?? "not known yet"],
    [
      "Execution",
      among(execution, ({ id, role, slug }) => (
        <>
          {code(id)}, {role}
          {slug !== undefined && `: ${slug}`}
        </>
      )),
    ],
    [
      "One of several",
      among(compareAddress(execution?.id), (to) => (
        <Link to={to} className="font-medium text-accent underline-offset-2 hover:underline">
          Compare
        </Link>
      )),
    ],
    ["Created", <TimeAgo key="created" at={workspace.created} />],
    ["Last used", <TimeAgo key="used" at={workspace.lastUsed} />],
    ["Stops after", among(workspace.ttlSeconds, (seconds) => `${span(seconds * 1000)} of running`) ?? "never"],
    ["When idle", among(workspace.idleSeconds, (seconds) => `stops after ${span(seconds * 1000)} without use`)],
    ["Time left", among(workspace.stopsInSeconds, (seconds) => span(seconds * 1000))],
    ["CPUs", limits.cpus ?? DEFAULT],
    ["Memory", among(limits.memoryBytes, bytes) ?? DEFAULT],
    ["Processes", limits.processes ?? DEFAULT],
    ["Disk", among(workspace.diskBytes, bytes) ?? "not measured yet"],
    ["Isolation", ISOLATION[workspace.isolation]],
    ["Profile", workspace.runtime === "local" ? workspace.profile : PROFILE[workspace.profile]],
    ["Nested", among(workspace.nested, () => "Runs Docker: nearly the rights of root on its machine.")],
    ["Image", among(workspace.image, code) ?? "the worker's own"],
    ["Follows", among(workspace.devcontainer, code)],
    ["Runtime", workspace.runtime],
    [
      "Container",
      workspace.runtime === "local"
        ? undefined
        : workspace.containerId === ""
          ? "none"
          : code(workspace.containerId.slice(0, 24)),
    ],
    ["Id", code(workspace.id)],
  ];
  return rows.filter(([, value]) => value !== undefined);
}

const DEFAULT = "the worker's default";

const ISOLATION = {
  container: "container",
  sandbox: "sandbox of the worker's own user",
  none: "none: it can reach all files of the worker's own user",
};

const PROFILE = {
  person: "person: sudo works, the network is open",
  agent: "agent: no sudo, no capabilities, no open network",
};
