import { useQuery } from "@tanstack/react-query";
import { CircleCheck, OctagonAlert, Stethoscope, TriangleAlert } from "lucide-react";
import type { DoctorCheck } from "@ws/rpc-contract";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { TimeAgo } from "../../../components/time-ago.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { cn } from "../../../components/ui/cn.ts";
import { Section } from "../../../components/ui/page.tsx";
import { useServices } from "../../../services.ts";
import { FailedQuery } from "../failed-query.tsx";
import { worstFirst } from "./worst-first.ts";

const STATUS = {
  ok: { Icon: CircleCheck, tone: "text-good", label: "Fine" },
  warn: { Icon: TriangleAlert, tone: "text-warn", label: "Look at this" },
  fail: { Icon: OctagonAlert, tone: "text-bad", label: "Does not work" },
};

/** What the worker finds of itself, when it is asked to look. */
export function Checks() {
  const { queries } = useServices();
  const checks = useQuery({ ...queries.doctor.queryOptions(), enabled: false, retry: false });
  const { data, dataUpdatedAt, isFetching, refetch } = checks;
  return (
    <Section
      title="Check"
      description={
        data === undefined ? (
          "What works, what does not, and what to do about it. It looks at the engine, disk, clock, credentials and the network."
        ) : (
          <>
            {summaryOf(data)} Looked at <TimeAgo at={new Date(dataUpdatedAt).toISOString()} />.
          </>
        )
      }
      actions={
        <Button size="small" busy={isFetching} onClick={() => void refetch()}>
          {!isFetching && <Stethoscope aria-hidden />}
          {data === undefined ? "Check the worker" : "Check again"}
        </Button>
      }
      bare
    >
      <FailedQuery query={checks} title="The worker could not be checked" />
      {isFetching && data === undefined && (
        <LoadingLines label="Checking…" widths={["w-44", "w-56", "w-36"]} className="py-2" />
      )}
      {data !== undefined && (
        <ul aria-label="Checks" className="divide-y divide-line rounded-xl border border-line bg-surface">
          {worstFirst(data).map((check) => (
            <Finding key={check.id} check={check} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Finding({ check: { title, status, message, next } }: { check: DoctorCheck }) {
  const { Icon, tone, label } = STATUS[status];
  return (
    <li className="flex items-start gap-3 px-4 py-3 text-sm">
      <Icon className={cn("mt-0.5 size-4.5 shrink-0", tone)} aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {title}
          <span className={cn("ml-2 text-[0.8125rem] font-normal", status === "ok" ? "sr-only" : tone)}>{label}</span>
        </p>
        <p className="text-[0.8125rem] break-words text-muted">{message}</p>
        {next !== undefined && <p className="text-[0.8125rem] break-words">{next}</p>}
      </div>
    </li>
  );
}

function summaryOf(checks: readonly DoctorCheck[]): string {
  const count = (status: DoctorCheck["status"]) => checks.filter((check) => check.status === status).length;
  const [failed, warned] = [count("fail"), count("warn")];
  if (failed + warned === 0) return `All ${checks.length} are fine.`;
  const parts = [failed > 0 && `${failed} of ${checks.length} failed`, warned > 0 && `${warned} to look at`];
  return `${parts.filter(Boolean).join(", ")}.`;
}
