import { expect, test } from "vitest";
import type { UsageEntry } from "./token-usage.ts";
import { usageCsv } from "./usage-csv.ts";

const entry: UsageEntry = {
  day: "2026-11-22",
  workspaceId: "ws-1",
  workspace: "demo",
  agent: "claude",
  model: "claude-opus-5-5",
  answers: 2,
  tokens: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, reasoning: 0 },
  cost: 0.5,
  costFrom: "table",
  unpriced: 0,
};
const rows = (entries: readonly UsageEntry[]): string[] => usageCsv(entries).split("\r\n").slice(1, -1);

test("A line for each entry, below the names of the columns", () => {
  expect(usageCsv([entry])).toBe(
    "day,workspace,workspace_id,execution,agent,model,answers,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,cost_usd,cost_from,tokens_without_price\r\n" +
      "2026-11-22,demo,ws-1,,claude,claude-opus-5-5,2,1,2,3,4,0.500000,table,0\r\n",
  );
});

test("What nobody knows the price of costs nothing that could be added up", () => {
  expect(rows([{ ...entry, cost: 0, costFrom: "unknown", unpriced: 10 }])).toEqual([
    expect.stringContaining("4,,unknown,10"),
  ]);
});

test.each([
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(1)", "'@SUM(1)"],
  ["\t=1", "'\t=1"],
  ['a "b", c', '"a ""b"", c"'],
  ["=a,b", `"'=a,b"`],
  ["two\nlines", '"two\nlines"'],
])("The name %j is a text in a spreadsheet", (name, cell) => {
  expect(usageCsv([{ ...entry, model: name }])).toContain(`,claude,${cell},2,`);
});
