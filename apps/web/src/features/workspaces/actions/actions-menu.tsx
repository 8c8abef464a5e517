import type { WorkspaceInfo } from "@ws/rpc-contract";
import { EllipsisVertical, PencilLine, Play, RotateCw, Square, Trash2 } from "lucide-react";
import { useState, type ComponentProps } from "react";
import { Button } from "../../../components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "../../../components/ui/dropdown-menu.tsx";
import type { Ask } from "./ask.ts";
import { useActions } from "./use-actions.ts";

interface ActionsMenuProps {
  workspace: WorkspaceInfo;
  /** Opens the dialog of an action that needs one. */
  ask: (ask: Ask) => void;
}

/** Everything that can be done to one workspace. The menu is made when it is first opened: a list has hundreds. */
export function ActionsMenu({ workspace, ask }: ActionsMenuProps) {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <OpenedMenu workspace={workspace} ask={ask} />;
  return (
    <MenuButton name={workspace.name} aria-haspopup="menu" aria-expanded={false} onClick={() => setWanted(true)} />
  );
}

function MenuButton({ name, ...props }: { name: string } & ComponentProps<"button">) {
  return (
    <Button variant="ghost" size="icon" aria-label={`Actions for ${name}`} {...props}>
      <EllipsisVertical aria-hidden />
    </Button>
  );
}

/** What the workspace's state forbids is disabled, not hidden. */
function OpenedMenu({ workspace, ask }: ActionsMenuProps) {
  const actions = useActions();
  const { name, status } = workspace;
  const busy = workspace.operation !== undefined;
  return (
    <DropdownMenu defaultOpen>
      <DropdownMenuTrigger asChild>
        <MenuButton name={name} />
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem
          disabled={busy || status === "running" || status === "creating"}
          onSelect={() => void actions.start(name)}
        >
          <Play aria-hidden />
          {status === "error" ? "Try again" : "Start"}
        </DropdownMenuItem>
        <DropdownMenuItem disabled={busy || status !== "running"} onSelect={() => ask({ kind: "stop", workspace })}>
          <Square aria-hidden />
          Stop…
        </DropdownMenuItem>
        <DropdownMenuItem disabled={busy || status !== "running"} onSelect={() => ask({ kind: "restart", workspace })}>
          <RotateCw aria-hidden />
          Restart…
        </DropdownMenuItem>
        <DropdownMenuItem disabled={busy || status === "creating"} onSelect={() => ask({ kind: "rename", workspace })}>
          <PencilLine aria-hidden />
          Rename…
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        {/* A create under way may be deleted: the agent cancels it first. */}
        <DropdownMenuItem
          danger
          disabled={workspace.operation === "delete"}
          onSelect={() => ask({ kind: "delete", workspace })}
        >
          <Trash2 aria-hidden />
          Delete…
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
