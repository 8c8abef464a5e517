import type { AuditEntry } from "@ws/rpc-contract";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { Badge } from "../../../components/ui/badge.tsx";

/** One thing that somebody did or was refused. */
export function AuditRow({ entry: { at, who, action, target, outcome, details } }: { entry: AuditEntry }) {
  const more = Object.entries(details ?? {});
  return (
    <li className="px-4 py-2.5 text-[0.8125rem]">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
        <span className="font-mono font-medium break-all">{action}</span>
        {target !== undefined && <span className="min-w-0 font-mono break-all text-muted">{target}</span>}
        {outcome !== "ok" && <Badge tone="bad">{outcome}</Badge>}
        <span className="ml-auto text-muted tabular-nums">
          <TimeAgo at={at} />
        </span>
      </div>
      <p className="break-all text-muted">{who}</p>
      {more.length > 0 && (
        <details className="mt-0.5 text-muted">
          <summary className="w-fit rounded-sm py-0.5 hover:text-ink pointer-coarse:py-2.5">Details</summary>
          <dl className="mt-1 grid grid-cols-[max-content_1fr] gap-x-4 gap-y-0.5">
            {more.map(([name, value]) => (
              <div key={name} className="contents">
                <dt>{name}</dt>
                <dd className="min-w-0 font-mono break-all whitespace-pre-wrap text-ink">
                  {Array.isArray(value) ? value.join("\n") : value}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}
