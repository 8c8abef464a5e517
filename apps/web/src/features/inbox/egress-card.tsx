import { useQueryClient } from "@tanstack/react-query";
import type { EgressRefusal } from "@ws/rpc-contract";
import { Check, ShieldX, X } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { TimeAgo } from "../../components/time-ago.tsx";
import { Button } from "../../components/ui/button.tsx";
import { useToaster } from "../../components/ui/toast.tsx";
import { visible } from "../../components/visible.ts";
import { useServices } from "../../services.ts";
import { REFUSALS, useInbox } from "./inbox-context.tsx";
import { refusalKey, type InboxItem } from "./items.ts";

type EgressItem = Extract<InboxItem, { kind: "egress" }>;

/** Hosts that a workspace wanted to reach, each with a press that lets it. */
export function EgressCard({ item }: { item: EgressItem }) {
  const { seen } = useInbox();
  const { id, workspace, refusals, since } = item;
  const count = refusals.length;
  return (
    <li className="rounded-xl border border-line bg-surface">
      <div className="flex items-start gap-3 px-4 pt-3.5 pb-3">
        <ShieldX className="mt-0.5 size-4.5 shrink-0 text-warn" aria-hidden />
        <div className="min-w-0 flex-1">
          <h2 className="text-sm font-semibold">
            {count === 1 ? "A host was refused" : `${count} hosts were refused`}
          </h2>
          <p className="mt-0.5 flex flex-wrap gap-x-2 text-[0.8125rem] text-muted">
            <Link to={`/w/${workspace}/details`} className="rounded-sm underline-offset-2 hover:underline">
              {workspace}
            </Link>
            <TimeAgo at={new Date(since).toISOString()} />
          </p>
        </div>
        <Button
          size="iconSmall"
          variant="ghost"
          aria-label={`Dismiss what ${workspace} was refused`}
          onClick={() => seen.add(refusals.map((refusal) => refusalKey(id, refusal)))}
        >
          <X aria-hidden />
        </Button>
      </div>
      <ul className="divide-y divide-line border-t border-line">
        {refusals.map((refusal) => (
          <Host key={`${refusal.host}:${refusal.port}`} item={item} refusal={refusal} />
        ))}
      </ul>
    </li>
  );
}

function Host({ item: { id, workspace }, refusal }: { item: EgressItem; refusal: EgressRefusal }) {
  const { client } = useServices();
  const { seen } = useInbox();
  const queryClient = useQueryClient();
  const toaster = useToaster();
  const [busy, setBusy] = useState<"here" | "everywhere">();
  const { host, port, why, count, rule } = refusal;
  const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const allow = async (where: "here" | "everywhere", rule: string) => {
    setBusy(where);
    try {
      const everywhere = where === "everywhere";
      await client.egress.allow({ name: workspace, rule, ...(everywhere ? { everywhere } : {}) });
      seen.add([refusalKey(id, refusal)]);
      toaster.done(`${address} can be reached from ${everywhere ? "every workspace" : workspace} now.`);
      await queryClient.invalidateQueries({ queryKey: [REFUSALS] });
    } catch (error) {
      toaster.failed(`${address} was not allowed`, error);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-52">
        <p className="font-mono text-[0.8125rem] break-all">{visible(address)}</p>
        <p className="text-[0.8125rem] break-words text-muted">
          {why}
          {count > 1 && ` (${count.toLocaleString()} times)`}
          {rule === undefined && " No rule leads there."}
        </p>
      </div>
      {rule !== undefined && (
        <>
          <Button
            size="small"
            busy={busy === "here"}
            disabled={busy !== undefined}
            onClick={() => void allow("here", rule)}
          >
            {busy !== "here" && <Check aria-hidden />}
            Allow here
          </Button>
          <Button
            size="small"
            variant="ghost"
            busy={busy === "everywhere"}
            disabled={busy !== undefined}
            onClick={() => void allow("everywhere", rule)}
          >
            Everywhere
          </Button>
        </>
      )}
    </li>
  );
}
