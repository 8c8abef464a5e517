import type { WorkspaceInfo, WorkspaceUsage } from "@ws/rpc-contract";
import { useMemo } from "react";
import { ago, bytesText, percentText, shortRepository, statusText } from "../../output/workspace.ts";
import { Words } from "../parts/line.tsx";
import { Page } from "../parts/page.tsx";
import { NOTHING, Rows, type Column } from "../parts/rows.tsx";
import { useSelection } from "../parts/selection.ts";
import { useApp } from "../state/app-context.ts";
import { useStore } from "../state/store.ts";
import type { Tone } from "../theme.ts";
import { powerActions } from "./power.ts";

/** All workspaces of the worker, as they are now. */
export function List() {
  const app = useApp();
  const known = useStore(app.session.workspaces);
  const usage = useStore(app.session.usage);
  const columns = useMemo(() => columnsWith(usage), [usage]);
  const selection = useSelection(known ?? NONE, idOf);
  const { item } = selection;
  const openPage = ({ id }: WorkspaceInfo): void => app.open({ screen: "workspace", id });
  const openTerminal = ({ id }: WorkspaceInfo): void => app.open({ screen: "terminal", id, terminal: "main" });
  return (
    <Page
      screen="list"
      rows={selection.items.length === 0 ? undefined : selection.keys}
      actions={{
        ...(item === undefined ? {} : { open: () => openPage(item), ...powerActions(app, item) }),
        ...(item?.status === "running" && { terminal: () => openTerminal(item) }),
        create: () => app.open({ screen: "repository" }),
        tasks: () => app.open({ screen: "tasks", workspace: undefined }),
        ...(item !== undefined && { logs: () => app.open({ screen: "logs", id: item.id }) }),
        workers: () => app.open({ screen: "workers" }),
        settings: () => app.open({ screen: "settings" }),
      }}
    >
      {known === undefined ? (
        <Words pieces={[["Asking the worker …", "muted"]]} />
      ) : known.length === 0 ? (
        <Words
          pieces={[
            ["No workspaces yet.", "strong"],
            ["\n\nMake one with ", "muted"],
            ["n", "accent"],
            [", or anywhere: ", "muted"],
            app.asCalled("ws start demo --clone URL"),
          ]}
        />
      ) : (
        <Rows columns={columns} selection={selection} onOpen={openPage} />
      )}
    </Page>
  );
}

const NONE: readonly WorkspaceInfo[] = [];
const idOf = ({ id }: WorkspaceInfo): string => id;

function columnsWith(usage: ReadonlyMap<string, WorkspaceUsage>): readonly Column<WorkspaceInfo>[] {
  return [
    { title: "NAME", cell: ({ name }) => name },
    { title: "STATUS", cell: statusText, tone: statusTone },
    { title: "CPU", cell: ({ id }) => percentText(usage.get(id)?.cpuPercent), alignsRight: true },
    { title: "MEMORY", cell: ({ id }) => bytesOrNone(usage.get(id)?.memoryBytes), alignsRight: true },
    { title: "DISK", cell: ({ diskBytes }) => bytesOrNone(diskBytes), alignsRight: true, tone: muted },
    {
      title: "REPOSITORY",
      cell: ({ repo }) => (repo === undefined ? NOTHING : shortRepository(repo)),
      tone: muted,
    },
    { title: "BRANCH", cell: ({ branch = NOTHING }) => branch, tone: muted },
    { title: "USED", cell: ({ lastUsed }, now) => ago(lastUsed, now), tone: muted },
  ];
}

function statusTone({ status }: WorkspaceInfo): Tone {
  return status === "error" ? "bad" : status === "stopped" ? "muted" : "plain";
}

function bytesOrNone(bytes: number | undefined): string {
  return bytes === undefined ? NOTHING : bytesText(bytes);
}

function muted(): "muted" {
  return "muted";
}
