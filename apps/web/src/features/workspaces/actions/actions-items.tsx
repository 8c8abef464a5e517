import { GitCompare, PencilLine, Play, RotateCw, Square, Trash2 } from "lucide-react";
import { useNavigate } from "react-router";
import { compareAddress } from "../../../components/compare-address.ts";
import type { Pressed } from "../../../components/menu-button.tsx";
import { DropdownMenuItem, DropdownMenuSeparator, PressedMenu } from "../../../components/ui/dropdown-menu.tsx";
import type { ActionsOf } from "./ask.ts";
import { useActions } from "./use-actions.ts";

/** What the workspace's state forbids is disabled, not hidden. */
export default function ActionsItems({ workspace, ask, ...pressed }: ActionsOf & Pressed) {
  const actions = useActions();
  const { status } = workspace;
  const navigate = useNavigate();
  const comparison = compareAddress(workspace.execution?.id);
  const busy = workspace.operation !== undefined;
  return (
    <PressedMenu {...pressed}>
      <DropdownMenuItem
        disabled={busy || status === "running" || status === "creating"}
        onSelect={() => void actions.start(workspace)}
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
      {comparison !== undefined && (
        <DropdownMenuItem onSelect={() => void navigate(comparison)}>
          <GitCompare aria-hidden />
          Compare with its others
        </DropdownMenuItem>
      )}
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
    </PressedMenu>
  );
}
