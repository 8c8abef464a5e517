import type { UsageSummary } from "@ws/rpc-contract";
import { ChartColumn, RotateCw } from "lucide-react";
import { useSearchParams } from "react-router";
import { Foot } from "../../components/foot.tsx";
import { LoadingLines } from "../../components/loading-lines.tsx";
import { dollars, shortCount } from "../../components/money.ts";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { Page, PageHeader, Section } from "../../components/ui/page.tsx";
import { SegmentedControl } from "../../components/ui/segmented.tsx";
import { Stat } from "../../components/ui/stat.tsx";
import { useToday } from "./use-today.ts";
import { visible } from "../../components/visible.ts";
import { toProblem } from "../../problem.ts";
import { BudgetSection } from "./budget-section.tsx";
import { CsvButton } from "./csv-button.tsx";
import { DaysChart } from "./days-chart.tsx";
import { beginOf, chosen, dayOf, daysOf, MEASURES, RANGES, SIDES } from "./range.ts";
import { SharesTable } from "./shares-table.tsx";
import { since } from "./sums.ts";
import { useBudget, useReading, useSummary } from "./use-usage.ts";

/** What coding tools used in all workspaces, and what that costs. */
export default function UsageView() {
  const [query, setQuery] = useSearchParams();
  const range = chosen(query.get("range"), RANGES, "30d");
  const by = chosen(query.get("by"), SIDES, "agent");
  const measure = chosen(query.get("show"), MEASURES, "cost");
  const set = (name: string) => (value: string) =>
    setQuery((before) => ({ ...Object.fromEntries(before), [name]: value }), { replace: true });
  const days = useSummary("day", range);
  const shares = useSummary(by, range);
  const budget = useBudget();
  const { reading, read } = useReading();
  const today = useToday();
  const error = days.error ?? shares.error;
  return (
    <Page wide>
      <PageHeader
        title="Usage"
        description="What coding tools used in workspaces, and what it costs."
        actions={
          <>
            <Button size="small" busy={reading} onClick={read}>
              {!reading && <RotateCw aria-hidden />}
              {reading ? "Reading logs" : "Read logs again"}
            </Button>
            <CsvButton range={range} />
          </>
        }
      />
      {error !== null && (
        <Notice
          tone="bad"
          title={days.data === undefined ? "What was used cannot be shown" : "What is shown is not the latest"}
          className="mb-5"
        >
          <ProblemText problem={toProblem(error)} />
          <Button size="small" className="mt-2" onClick={() => void Promise.all([days.refetch(), shares.refetch()])}>
            Try again
          </Button>
        </Notice>
      )}
      {days.data === undefined ? (
        error === null && (
          <LoadingLines label="Loading what was used…" widths={["w-44", "w-full", "w-5/6", "w-56"]} className="py-2" />
        )
      ) : days.data.since === undefined ? (
        <Nothing reading={reading} />
      ) : (
        <>
          <Totals />
          {budget.data !== undefined && <BudgetSection budget={budget.data} />}
          <Section
            title="By day"
            actions={
              <>
                <SegmentedControl label="What is drawn" value={measure} change={set("show")} choices={MEASURES} />
                <SegmentedControl label="Time" value={range} change={set("range")} choices={RANGES} />
              </>
            }
          >
            <DaysChart days={daysOf(range, today)} rows={days.data.rows} measure={measure} />
          </Section>
          <Section
            title="Who used it"
            actions={
              <div className="max-w-full overflow-x-auto">
                <SegmentedControl label="Summed up by" value={by} change={set("by")} choices={SIDES} />
              </div>
            }
            bare
          >
            {shares.data !== undefined && <Shares summary={shares.data} measure={measure} />}
          </Section>
          <HowToRead summary={days.data} />
        </>
      )}
      {days.data !== undefined && days.data.since === undefined && budget.data !== undefined && (
        <BudgetSection budget={budget.data} />
      )}
    </Page>
  );
}

/** The three figures that the page is opened for, whatever is chosen below. */
function Totals() {
  const { data } = useSummary("day", "month");
  const week = useSummary("day", "7d").data;
  const now = useToday();
  const figures = [
    { label: "Today", sum: week && since(week.rows, dayOf(now)) },
    { label: "Last 7 days", sum: week && since(week.rows, dayOf(Date.parse(beginOf("7d", now)))) },
    { label: "This month", sum: data && since(data.rows, dayOf(Date.parse(beginOf("month", now)))) },
  ];
  return (
    <dl className="grid grid-cols-3 gap-x-3 rounded-xl border border-line bg-surface px-4 py-3.5 sm:gap-x-6">
      {figures.map(({ label, sum }) => (
        <Stat
          key={label}
          label={label}
          value={sum === undefined ? "…" : dollars(sum.cost)}
          note={sum === undefined ? " " : `${shortCount(sum.tokens)} tokens`}
        />
      ))}
    </dl>
  );
}

function Shares({ summary, measure }: { summary: UsageSummary; measure: (typeof MEASURES)[number]["value"] }) {
  if (summary.total.answers > 0) return <SharesTable summary={summary} measure={measure} />;
  return (
    <p className="rounded-xl border border-line bg-surface px-4 py-6 text-center text-sm text-muted">
      Nothing was used in this time.
    </p>
  );
}

/** How to read it: what is missing, and whose prices these are. */
function HowToRead({ summary: { unknownModels, total, pricesAsOf } }: { summary: UsageSummary }) {
  return (
    <div className="mt-4 space-y-2 text-[0.8125rem] text-muted">
      {total.unpriced > 0 && (
        <p>
          <span className="text-warn">Without a price: </span>
          {shortCount(total.unpriced)} tokens of{" "}
          {unknownModels.length === 0
            ? "models that their tool does not name"
            : unknownModels.slice(0, 5).map(visible).join(", ")}
          {unknownModels.length > 5 && ` and ${unknownModels.length - 5} more`}, which are not in any cost. A price is
          added with the setting <code className="font-mono">usage.prices</code>.
        </p>
      )}
      <p>
        The vendors&rsquo; prices for their API as of {pricesAsOf}, in US dollars; what a subscription covers is counted
        at the same prices. The figures come from the tools&rsquo; own logs in the workspaces.
      </p>
      <Foot commands={["ws usage --by workspace --since 7d"]} className="mt-2" />
    </div>
  );
}

function Nothing({ reading }: { reading: boolean }) {
  return (
    <EmptyState
      Icon={ChartColumn}
      title={reading ? "The workspaces’ logs are being read" : "No coding tool has used anything yet"}
      command="ws usage"
    >
      Claude Code, Codex and OpenCode write down how many tokens they use. It is read from there, also of what people
      start in terminals, and stays here when a workspace is deleted.
    </EmptyState>
  );
}
