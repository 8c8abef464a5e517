import { expect, test } from "vitest";
import { medianAtMost } from "./bars.ts";
import { measureRows } from "./measure.ts";
import type { Peers } from "./peers.ts";
import { NotAvailable } from "./not-available.ts";
import type { Measured, Row } from "./row.ts";
import type { Workers } from "./worker/workers.ts";

const nobody = { workers: {} as Workers, peers: {} as Peers, say: () => undefined };
const measured: Measured = { unit: "ms", ours: [1], bar: medianAtMost(2, "ms") };

function row(name: string, measure: Row["measure"], limitMs?: number): Row {
  return { name, title: name, measure, ...(limitMs !== undefined && { limitMs }) };
}

test("a row that fails is named with its reason, and the next one is measured", async () => {
  const broken = row("broken", async () => {
    throw new Error("it broke");
  });
  const { signal } = new AbortController();
  const outcome = await measureRows([broken, row("good", async () => measured)], { ...nobody, signal });
  expect(outcome.failed).toEqual([{ name: "broken", reason: "it broke" }]);
  expect(outcome.results.map(({ name }) => name)).toEqual(["good"]);
});

test("a row whose part is not there is left out and is no failure", async () => {
  const absent = row("absent", async () => {
    throw new NotAvailable("apps/web is not built");
  });
  const { signal } = new AbortController();
  const outcome = await measureRows([absent], { ...nobody, signal });
  expect(outcome).toEqual({ results: [], failed: [], left: [{ name: "absent", reason: "apps/web is not built" }] });
});

test("what a row opened is closed when it fails", async () => {
  const closed: string[] = [];
  const broken = row("broken", async ({ cleanup }) => {
    cleanup.defer(() => void closed.push("terminal"));
    throw new Error("it broke");
  });
  const { signal } = new AbortController();
  await measureRows([broken], { ...nobody, signal });
  expect(closed).toEqual(["terminal"]);
});

test("a row that does not come to an end is given up at its limit", async () => {
  const endless = row("endless", () => new Promise(() => undefined), 20);
  const { signal } = new AbortController();
  const { failed } = await measureRows([endless], { ...nobody, signal });
  expect(failed).toEqual([{ name: "endless", reason: "it took longer than 0.02 s" }]);
});

test("an interrupt ends the run, also where a row does not listen", async () => {
  const controller = new AbortController();
  const endless = row("endless", () => {
    controller.abort(new Error("interrupted"));
    return new Promise(() => undefined);
  });
  const never = row("never", async () => expect.unreachable());
  const run = measureRows([endless, never], { ...nobody, signal: controller.signal });
  await expect(run).rejects.toThrow("interrupted");
});
