import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { useServices } from "../../services.ts";
import { whyReadOnly } from "./why-read-only.ts";

/** Says over a text why it cannot be edited, and where that is set. */
export function ReadOnlyNotice({ name }: { name: string }) {
  const { queries } = useServices();
  const policy = useQuery(queries.policy.get.queryOptions({ input: { name } }));
  const { why, next } = whyReadOnly(policy.data?.layers ?? []);
  return (
    <ReadOnlyBar>
      {policy.isPending ? (
        "Read-only"
      ) : (
        <>
          Read-only. {why} {next !== undefined && <code className="font-mono text-xs text-ink">{next}</code>}
        </>
      )}
    </ReadOnlyBar>
  );
}

export function ReadOnlyBar({ children }: { children: ReactNode }) {
  return (
    <p
      role="status"
      className="flex shrink-0 items-start gap-2 border-b border-line bg-raised px-4 py-2 text-[0.8125rem] break-words text-muted"
    >
      <Lock className="mt-0.5 size-3.5 shrink-0" aria-hidden />
      <span className="min-w-0">{children}</span>
    </p>
  );
}
