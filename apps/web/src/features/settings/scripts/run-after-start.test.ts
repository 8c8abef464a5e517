import { MutationObserver, QueryClient } from "@tanstack/react-query";
import type { AgentClient } from "@ws/rpc-contract/client";
import { expect, test } from "vitest";
import { runAfterStart } from "./run-after-start.ts";

/** A worker whose list of scripts is read and written like any other setting. */
function aWorker(...scripts: string[]) {
  const worker = { scripts };
  const settings = {
    list: async () => [{ key: "scripts.post_start", value: [...worker.scripts] }],
    set: async ({ value }: { value: string[] }) => void (worker.scripts = value),
  };
  return { worker, client: { config: { settings } } as unknown as AgentClient };
}

test("two scripts that are switched on at once both run, after those that did", async () => {
  const { worker, client } = aWorker("first.sh");
  const queries = new QueryClient();
  const press = (script: string, runs: boolean) =>
    new MutationObserver(queries, runAfterStart(client, script)).mutate(runs);
  await Promise.all([press("a.sh", true), press("b.sh", true)]);
  expect(worker.scripts).toEqual(["first.sh", "a.sh", "b.sh"]);
  await Promise.all([press("a.sh", false), press("first.sh", false)]);
  expect(worker.scripts).toEqual(["b.sh"]);
});

test("what another has changed since the list was read stays", async () => {
  const { worker, client } = aWorker("first.sh");
  worker.scripts = ["elsewhere.sh"];
  await runAfterStart(client, "a.sh").mutationFn(true);
  expect(worker.scripts).toEqual(["elsewhere.sh", "a.sh"]);
});
