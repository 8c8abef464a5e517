import { KeySquare } from "lucide-react";
import { useState } from "react";
import type { TokenInfo } from "@ws/rpc-contract";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { expiryOf } from "../credentials/expiry.ts";
import { LastUse } from "../last-use.tsx";
import { scopeText } from "../scopes.ts";

interface TokenRowProps {
  token: TokenInfo;
  /** Whether this browser uses it. */
  isOwn: boolean;
  revoke: () => void;
}

export function TokenRow({ token, isOwn, revoke }: TokenRowProps) {
  const { name, scope, handler, commands, created, expires } = token;
  const [now] = useState(() => Date.now());
  const expiry = expires === undefined ? undefined : expiryOf(expires, now);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3.5">
      <KeySquare className="mt-0.5 size-4.5 shrink-0 text-muted" aria-hidden />
      <div className="min-w-0 flex-1 basis-52 space-y-0.5 text-[0.8125rem] text-muted">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-ink">
          <span className="font-mono font-medium break-all">{name}</span>
          <Badge tone={scope === "admin" ? "warn" : "plain"}>{scopeText(scope)}</Badge>
          {handler !== undefined && <Badge>{`${handler.kind} only`}</Badge>}
          {isOwn && <Badge tone="busy">This browser</Badge>}
        </p>
        {commands !== undefined && (
          <p className="break-words">
            Runs <span className="font-mono text-xs">{commands.join(" ")}</span> alone
          </p>
        )}
        <p className="break-words">
          <LastUse of={token} /> · made <TimeAgo at={created} />
        </p>
        <p title={expires && new Date(expires).toLocaleString()}>
          {expiry === undefined ? (
            "Does not end by itself"
          ) : (
            <span className={toneClass[expiry.tone]}>{expiry.text}</span>
          )}
        </p>
      </div>
      <Button size="small" className="ml-auto" aria-label={`Revoke ${name}`} onClick={revoke}>
        Revoke
      </Button>
    </li>
  );
}

const toneClass = { plain: "", warn: "text-warn", bad: "text-bad" };
