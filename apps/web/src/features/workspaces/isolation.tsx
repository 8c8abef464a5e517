import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Bot, ShieldAlert, ShieldOff, type LucideIcon } from "lucide-react";
import { Badge } from "../../components/ui/badge.tsx";
import { cn } from "../../components/ui/cn.ts";

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

/** The same where there is room for a sign only; its words are its title, and are read aloud. */
export function IsolationMarks({ workspace }: { workspace: WorkspaceInfo }) {
  const { isolation, nested, profile } = workspace;
  return (
    <>
      {isolation === "none" && <Sign Icon={ShieldOff} tone="text-bad" words="no isolation" />}
      {isolation === "sandbox" && <Sign Icon={ShieldAlert} tone="text-warn" words="sandbox" />}
      {nested === true && <Sign Icon={ShieldAlert} tone="text-bad" words="nested" />}
      {profile === "agent" && <Sign Icon={Bot} tone="text-muted" words="agent" />}
    </>
  );
}

function Sign({ Icon, tone, words }: { Icon: LucideIcon; tone: string; words: string }) {
  return (
    <span title={words} className={cn("shrink-0", tone)}>
      <Icon className="size-3.5" aria-hidden />
      <span className="sr-only">{words}</span>
    </span>
  );
}
