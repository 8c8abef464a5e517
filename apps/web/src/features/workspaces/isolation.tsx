import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Bot, ShieldAlert, ShieldOff } from "lucide-react";
import { Badge } from "../../components/ui/badge.tsx";

/** Silent where a container isolates, loud where less does. The profile is shown where it is not the usual one. */
export function IsolationBadges({ workspace }: { workspace: WorkspaceInfo }) {
  return (
    <>
      {workspace.isolation === "none" && (
        <Badge tone="bad" title="Its processes run as the worker's own user and can reach all of that user's files.">
          <ShieldOff aria-hidden />
          no isolation
        </Badge>
      )}
      {workspace.isolation === "sandbox" && (
        <Badge tone="warn" title="Its processes run in a sandbox of the worker's own user, not in a container.">
          <ShieldAlert aria-hidden />
          sandbox
        </Badge>
      )}
      {workspace.nested === true && (
        <Badge tone="bad" title="It runs Docker, and what runs in it has nearly the rights of root on its machine.">
          <ShieldAlert aria-hidden />
          nested
        </Badge>
      )}
      {workspace.profile === "agent" && (
        <Badge title="Profile agent: no capabilities, no sudo, no open network.">
          <Bot aria-hidden />
          agent
        </Badge>
      )}
    </>
  );
}
