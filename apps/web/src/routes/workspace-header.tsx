import { GitBranch, Play, Square } from "lucide-react";
import { Tabs } from "radix-ui";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Button } from "../components/ui/button.tsx";
import { visible } from "../components/visible.ts";
import { Status } from "../components/workspace-status/status.tsx";
import { ActionDialogs } from "../features/workspaces/actions/action-dialogs.tsx";
import { ActionsMenu } from "../features/workspaces/actions/actions-menu.tsx";
import type { Ask } from "../features/workspaces/actions/ask.ts";
import { useActions } from "../features/workspaces/actions/use-actions.ts";
import { useWorkspaceVerbs } from "../features/workspaces/actions/use-workspace-verbs.ts";
import { IsolationBadges } from "../features/workspaces/isolation.tsx";
import { shortRepository } from "../features/workspaces/names.ts";
import { PARTS } from "./parts.ts";

/** Which workspace it is and how it does, in one line; below it the parts. */
export function WorkspaceHeader({ workspace }: { workspace: WorkspaceInfo }) {
  const navigate = useNavigate();
  const actions = useActions();
  const [ask, setAsk] = useState<Ask>();
  const { name, status, operation } = workspace;
  useWorkspaceVerbs(workspace, setAsk);
  return (
    <div className="shrink-0 border-b border-line bg-surface short:flex short:flex-row-reverse short:items-center short:gap-4">
      <div className="flex h-12 min-w-0 items-center gap-3 pr-2 pl-4 sm:pr-4 sm:pl-6 short:h-10 short:flex-1 short:pl-0">
        <div className="flex min-w-0 flex-1 items-center gap-x-3">
          <h1 className="min-w-0 truncate font-mono font-semibold" title={name}>
            {name}
          </h1>
          <span aria-live="polite" className="shrink-0">
            <Status workspace={workspace} />
          </span>
          <span className="hidden shrink-0 items-center gap-1.5 sm:flex">
            <IsolationBadges workspace={workspace} />
          </span>
          <Repository workspace={workspace} />
        </div>
        <div className="flex shrink-0 items-center gap-1">
          {status === "running" && (
            <Button
              size="small"
              disabled={operation !== undefined}
              onClick={() => setAsk({ kind: "stop", workspace })}
              className="max-sm:hidden"
            >
              <Square aria-hidden />
              Stop
            </Button>
          )}
          {(status === "stopped" || status === "error") && (
            <Button
              size="small"
              disabled={operation !== undefined}
              onClick={() => void actions.start(workspace)}
              className="short:max-sm:hidden"
            >
              <Play aria-hidden />
              {status === "error" ? "Try again" : "Start"}
            </Button>
          )}
          <ActionsMenu workspace={workspace} ask={setAsk} />
        </div>
      </div>
      <Tabs.List
        aria-label={`Parts of ${name}`}
        className="flex h-10 overflow-x-auto overflow-y-hidden px-2 [scrollbar-width:none] sm:px-4 lg:px-3 pointer-coarse:h-11 short:max-w-[72%] short:shrink-0"
      >
        {Object.entries(PARTS).map(([part, { title, Icon }]) => (
          <Tabs.Trigger
            key={part}
            value={part}
            title={title}
            className="group flex min-w-9 flex-1 items-center justify-center gap-2 border-b-2 border-transparent px-2 text-sm font-medium text-muted -outline-offset-2 transition-colors hover:text-ink data-[state=active]:flex-none data-[state=active]:border-accent data-[state=active]:text-ink md:flex-none lg:px-3 short:flex-none"
          >
            <Icon className="size-4 shrink-0" aria-hidden />
            {/* Where there is little room there is some for the name of one. */}
            <span className="group-data-[state=inactive]:max-md:sr-only group-data-[state=inactive]:short:sr-only">
              {title}
            </span>
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <ActionDialogs ask={ask} close={() => setAsk(undefined)} onDeleted={() => void navigate("/")} />
    </div>
  );
}

/** Where its work comes from and goes to, where there is room for that. */
function Repository({ workspace: { repo, branch } }: { workspace: WorkspaceInfo }) {
  if (repo === undefined) return null;
  return (
    <p className="hidden min-w-0 flex-1 items-center gap-x-2 font-mono text-[0.8125rem] text-muted md:flex short:hidden">
      <span className="truncate" title={visible(repo)}>
        {visible(shortRepository(repo))}
      </span>
      {branch !== undefined && (
        <span className="flex min-w-0 items-center gap-1" title={`The workspace's own branch: ${visible(branch)}`}>
          <GitBranch className="size-3.5 shrink-0" aria-hidden />
          <span className="sr-only">own branch</span>
          <span className="truncate">{visible(branch)}</span>
        </span>
      )}
    </p>
  );
}
