import type { UsageSummary } from "@ws/rpc-contract";
import { shortCount } from "../../components/money.ts";
import { DataTable, Td, Th, Tr } from "../../components/ui/data-table.tsx";
import { Meter } from "../../components/ui/meter.tsx";
import { visible } from "../../components/visible.ts";
import { dayLabel, type Measure, SIDES } from "./range.ts";
import { allTokens, costText, measureOf } from "./sums.ts";

interface SharesTableProps {
  summary: UsageSummary;
  measure: Measure;
}

const MOST_ROWS = 200;

/** Who or what used it, with each one's share. On a phone the kinds of tokens are left out: there is no room for six figures. */
export function SharesTable({ summary: { by, rows: all, total, others }, measure }: SharesTableProps) {
  const side = SIDES.find(({ value }) => value === by)?.label ?? "";
  const used = all.filter(({ answers }) => answers > 0);
  const rows = (by === "day" ? used.toReversed() : used).slice(0, MOST_ROWS);
  const count = used.length + (others?.count ?? 0);
  const whole = measureOf(total, measure);
  return (
    <>
      <DataTable label={`What was used, by ${side.toLowerCase()}`}>
        <thead>
          <tr>
            <Th>{side}</Th>
            <Th figure className="max-sm:hidden">
              Answers
            </Th>
            <Th figure className="max-md:hidden">
              Input
            </Th>
            <Th figure className="max-md:hidden">
              Output
            </Th>
            <Th figure className="max-md:hidden">
              Cached
            </Th>
            <Th figure className="md:hidden">
              Tokens
            </Th>
            <Th figure>Cost</Th>
            <Th className="w-40 max-sm:hidden">Share</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const share = whole === 0 ? 0 : measureOf(row, measure) / whole;
            const percent = `${Math.round(share * 100)}%`;
            const label = by === "day" ? dayLabel(row.key) : visible(row.label);
            return (
              <Tr key={row.key}>
                <Td className="max-w-48 truncate" title={label}>
                  {row.key === "" ? (
                    <span className="text-muted">{label}</span>
                  ) : (
                    <span className={by === "day" ? undefined : "font-mono text-[0.8125rem]"}>{label}</span>
                  )}
                </Td>
                <Td figure className="max-sm:hidden">
                  {row.answers.toLocaleString("en")}
                </Td>
                <Td figure className="max-md:hidden">
                  {shortCount(row.tokens.input)}
                </Td>
                <Td figure className="max-md:hidden">
                  {shortCount(row.tokens.output)}
                </Td>
                <Td figure className="max-md:hidden">
                  {shortCount(row.tokens.cacheRead + row.tokens.cacheWrite)}
                </Td>
                <Td figure className="md:hidden">
                  {shortCount(allTokens(row))}
                </Td>
                <Td figure>{costText(row)}</Td>
                <Td className="max-sm:hidden">
                  <span className="flex items-center gap-2">
                    <Meter label={`Share of ${label}`} value={share} max={1} text={percent} className="flex-1" />
                    <span className="w-9 text-right text-[0.8125rem] text-muted tabular-nums">{percent}</span>
                  </span>
                </Td>
              </Tr>
            );
          })}
        </tbody>
      </DataTable>
      {count > rows.length && (
        <p className="mt-2 text-[0.8125rem] text-muted">
          The first {rows.length} of {count}; the table for spreadsheets has all of them.
        </p>
      )}
    </>
  );
}
