import type { TerminalInfo, WorkspaceInfo, WorkspaceUsage } from "@ws/rpc-contract";
import { ago, bytesText, statusText, usageText } from "../../output/workspace.ts";
import { Facts, type Fact } from "../parts/facts.tsx";
import { Line, Words } from "../parts/line.tsx";
import { Page } from "../parts/page.tsx";
import { NOTHING, Rows, type Column } from "../parts/rows.tsx";
import { useSelection } from "../parts/selection.ts";
import { useApp } from "../state/app-context.ts";
import { useNow } from "../state/now.ts";
import { useStore } from "../state/store.ts";
import { useTerminals } from "../state/terminals.ts";
import { powerActions } from "./power.ts";

/** One workspace: what it is, what it does, and its terminals. */
export function Workspace({ id }: { id: string }) {
  const app = useApp();
  const { client } = app.session;
  const workspace = useStore(app.session.workspaces)?.find((one) => one.id === id);
  const usage = useStore(app.session.usage).get(id);
  const changes = useStore(app.session.terminalChanges).get(id) ?? 0;
  const now = useNow();
  const name = workspace?.name ?? "";
  const isRunning = workspace?.status === "running";
  const loaded = useTerminals({ client, name, isRunning, changes });
  const terminals = loaded.kind === "there" ? loaded.value : NONE;
  const selection = useSelection(terminals, idOf);
  if (workspace === undefined) {
    return (
      <Page screen="workspace" path={["gone"]} actions={{}}>
        <Words pieces={["This workspace is gone."]} />
      </Page>
    );
  }
  const open = (terminal: string): void => app.open({ screen: "terminal", id, terminal });
  return (
    <Page
      screen="workspace"
      path={[name]}
      rows={terminals.length === 0 ? undefined : selection.keys}
      actions={{
        ...(isRunning && {
          open: () => open(selection.item?.name ?? "main"),
          another: () => open(freeName(terminals)),
        }),
        tasks: () => app.open({ screen: "tasks", workspace: name }),
        logs: () => app.open({ screen: "logs", id }),
        ...powerActions(app, workspace),
      }}
    >
      <Facts facts={factsOf(workspace, usage, now)} />
      <Problem workspace={workspace} />
      <Line pieces={[" "]} />
      {workspace.status === "creating" || workspace.status === "error" ? (
        <Steps workspace={workspace} />
      ) : !isRunning ? (
        <Words pieces={[["It is stopped; its files are kept.", "muted"]]} />
      ) : loaded.kind === "failed" ? (
        <Words pieces={[[loaded.why, "bad"]]} />
      ) : loaded.kind === "there" && terminals.length === 0 ? (
        <Words pieces={[["No terminals yet.", "muted"]]} />
      ) : (
        <Rows columns={COLUMNS} selection={selection} onOpen={({ name: terminal }) => open(terminal)} />
      )}
    </Page>
  );
}

const NONE: readonly TerminalInfo[] = [];
const idOf = ({ id }: TerminalInfo): string => id;

const COLUMNS: readonly Column<TerminalInfo>[] = [
  { title: "TERMINAL", cell: ({ name }) => name },
  { title: "PROGRAM", cell: ({ title = "-" }) => title, tone: () => "muted" },
  { title: "VIEWERS", cell: ({ viewers }) => (viewers === 0 ? "-" : String(viewers)), alignsRight: true },
  { title: "OPENED", cell: ({ created }, now) => ago(created, now), tone: () => "muted" },
];

/** A name that none of them has. */
function freeName(terminals: readonly TerminalInfo[]): string {
  for (let number = 2; ; number += 1) {
    if (!terminals.some(({ name }) => name === String(number))) return String(number);
  }
}

function factsOf(workspace: WorkspaceInfo, usage: WorkspaceUsage | undefined, now: number): Fact[] {
  const { repo, branch, baseBranch, directory, runtime, isolation, profile, diskBytes, pullRequest } = workspace;
  const from = baseBranch === undefined || baseBranch === branch ? "" : ` (from ${baseBranch})`;
  const isBad = workspace.status === "error";
  return [
    ["Status", statusText(workspace), isBad ? "bad" : "strong"],
    ...(repo === undefined ? [] : [["Repository", repo] as const]),
    ...(branch === undefined ? [] : [["Branch", `${branch}${from}`] as const]),
    ...(pullRequest === undefined
      ? []
      : [["Pull request", `#${pullRequest.number}, ${pullRequest.state}: ${pullRequest.url}`] as const]),
    ...(directory === undefined ? [] : [["Directory", directory] as const]),
    ["Runtime", `${runtime}, ${isolation}, for ${profile === "agent" ? "an agent" : "a person"}`],
    ...(workspace.nested === true ? [["Nested", "runs Docker: as good as root on its machine", "bad"] as const] : []),
    ...(usage === undefined ? [] : [["Uses", usageText(usage) || NOTHING] as const]),
    ...(diskBytes === undefined ? [] : [["Disk", bytesText(diskBytes)] as const]),
    ["Used", ago(workspace.lastUsed, now)],
  ];
}

function Problem({ workspace: { failure } }: { workspace: WorkspaceInfo }) {
  if (failure === undefined) return null;
  const { message, next = "" } = failure;
  return <Words pieces={[" \n", [message, "bad"], [` ${next}`, "muted"]]} rows={6} />;
}

function Steps({ workspace: { startup } }: { workspace: WorkspaceInfo }) {
  return (
    <box flexDirection="column">
      {startup.steps.map(({ id, label, status, message }) => (
        <Line
          key={id}
          pieces={[
            [
              `${MARKS[status]} `,
              status === "error" ? "bad" : status === "pending" || status === "skipped" ? "muted" : "accent",
            ],
            [label, status === "running" ? "strong" : status === "error" ? "bad" : "muted"],
            ...(message === undefined || status !== "running" ? [] : [[`  ${message}`, "muted"] as const]),
          ]}
        />
      ))}
    </box>
  );
}

const MARKS = { pending: "·", running: "▸", done: "✓", error: "✕", skipped: "-" } as const;
