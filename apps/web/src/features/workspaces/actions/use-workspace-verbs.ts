import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Copy, GitPullRequest, ListChecks, PencilLine, Play, RotateCw, Square, Trash2 } from "lucide-react";
import { useNavigate } from "react-router";
import { useToaster } from "../../../components/ui/toast.tsx";
import { useVerbs } from "../../../components/verbs/verbs-context.tsx";
import { useServices } from "../../../services.ts";
import type { Ask } from "./ask.ts";
import { useActions } from "./use-actions.ts";
import { copyText } from "../../../components/copy-text.ts";

/** Offers in the command palette what can be done to the workspace on the screen. What needs an answer first is asked by `ask`. */
export function useWorkspaceVerbs(workspace: WorkspaceInfo, ask: (ask: Ask) => void): void {
  const actions = useActions();
  const navigate = useNavigate();
  const toaster = useToaster();
  const { worker } = useServices();
  const { name, status, repo } = workspace;
  const busy = workspace.operation === undefined ? undefined : "Something is being done to it already.";
  const running = status === "running" ? undefined : "It does not run.";
  const ssh = `ssh ${name}${worker === undefined ? "" : `.${worker}`}.ws`;
  const asking = (kind: Ask["kind"]) => () => ask({ kind, workspace });
  const copying = (text: string) => () =>
    void copyText(text).then((copied) => {
      if (copied) toaster.done(`Copied: ${text}`);
      else toaster.failed("It was not copied", new Error("The browser did not let it be copied."));
    });
  useVerbs(() => {
    return [
      {
        id: "workspace.start",
        label: status === "error" ? "Try again" : "Start",
        group: name,
        words: "run boot",
        icon: Play,
        ...disabled(busy ?? (running === undefined ? "It runs already." : undefined)),
        run: () => void actions.start(workspace),
      },
      {
        id: "workspace.stop",
        label: "Stop…",
        group: name,
        words: "shut down halt",
        icon: Square,
        ...disabled(busy ?? running),
        run: asking("stop"),
      },
      {
        id: "workspace.restart",
        label: "Restart…",
        group: name,
        words: "reboot",
        icon: RotateCw,
        ...disabled(busy ?? running),
        run: asking("restart"),
      },
      {
        id: "workspace.finalize",
        label: "Finalize: open the pull request",
        group: name,
        words: "push commit merge request publish",
        icon: GitPullRequest,
        ...disabled(running ?? (repo === undefined ? "It has no repository." : undefined)),
        run: () => void navigate(`/w/${name}/git?view=pull-request`),
      },
      {
        id: "task.new",
        label: "New task",
        group: name,
        words: "prompt agent run command add",
        icon: ListChecks,
        keys: "c",
        run: () => void navigate(`/w/${name}/tasks?new=task`),
      },
      {
        id: "workspace.copy-ssh",
        label: "Copy the SSH command",
        group: name,
        detail: ssh,
        icon: Copy,
        run: copying(ssh),
      },
      {
        id: "workspace.copy-shell",
        label: "Copy the command for a shell",
        group: name,
        words: "cli terminal",
        detail: `ws shell ${name}`,
        icon: Copy,
        run: copying(`ws shell ${name}`),
      },
      {
        id: "workspace.rename",
        label: "Rename…",
        group: name,
        icon: PencilLine,
        ...disabled(busy ?? (status === "creating" ? "It is being created." : undefined)),
        run: asking("rename"),
      },
      {
        id: "workspace.delete",
        label: "Delete…",
        group: name,
        words: "remove destroy",
        icon: Trash2,
        ...disabled(workspace.operation === "delete" ? "It is being deleted." : undefined),
        run: asking("delete"),
      },
    ];
  });
}

function disabled(why: string | undefined): { disabled?: string } {
  return why === undefined ? {} : { disabled: why };
}
