import { Globe, Network, SquareTerminal } from "lucide-react";
import type { DeviceInfo } from "@ws/rpc-contract";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { LastUse } from "../last-use.tsx";
import { scopeText } from "../scopes.ts";

const KINDS = {
  browser: { Icon: Globe, label: "Browser" },
  cli: { Icon: SquareTerminal, label: "Command line" },
  tailnet: { Icon: Network, label: "Machine of the tailnet" },
};

interface DeviceRowProps {
  device: DeviceInfo;
  rename: (device: DeviceInfo) => void;
  /** Absent for the one that shows it: that signs out. */
  revoke?: (device: DeviceInfo) => void;
}

export function DeviceRow({ device, rename, revoke }: DeviceRowProps) {
  const { name, kind, platform, scope, sshKey, created, expires } = device;
  const { Icon, label } = KINDS[kind];
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3.5">
      <Icon className="mt-0.5 size-4.5 shrink-0 text-muted" aria-hidden />
      <div className="min-w-0 flex-1 basis-52 space-y-0.5 text-[0.8125rem] text-muted">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-ink">
          <span className="font-mono font-medium break-all">{name}</span>
          <Badge tone={scope === "admin" ? "warn" : "plain"}>{scopeText(scope)}</Badge>
          {sshKey !== undefined && <Badge>SSH key</Badge>}
        </p>
        <p className="break-words">{[label, platform].filter((text) => text !== "").join(" · ")}</p>
        <p className="break-words">
          <LastUse of={device} /> · let in <TimeAgo at={created} />
        </p>
        {expires !== undefined && <p>Ends on {new Date(expires).toLocaleDateString()} unless it is used before</p>}
      </div>
      <div className="ml-auto flex items-center gap-1">
        <Button variant="ghost" size="small" aria-label={`Rename ${name}`} onClick={() => rename(device)}>
          Rename
        </Button>
        {revoke !== undefined && (
          <Button size="small" aria-label={`Revoke ${name}`} onClick={() => revoke(device)}>
            Revoke
          </Button>
        )}
      </div>
    </div>
  );
}
