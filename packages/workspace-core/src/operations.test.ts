import { expect, test } from "vitest";
import { createOperations } from "./operations.ts";

test("operations of one workspace take turns, and those of others do not wait for them", async () => {
  await using operations = createOperations();
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const done = [
    operations.run("ws-a", "create", async () => {
      await first.promise;
      order.push("first");
    }),
    operations.run("ws-a", "stop", async () => void order.push("second")),
  ];
  await operations.run("ws-b", "start", async () => void order.push("other"));
  expect(operations.busy("ws-a")).toBe(true);
  first.resolve();
  await Promise.all(done);
  expect(order).toEqual(["other", "first", "second"]);
  expect(operations.busy("ws-a")).toBe(false);
});

test("what only waits is cancelled as what runs is, also where it was asked for just now", async () => {
  await using operations = createOperations();
  const create = operations.run("ws-a", "create", async (signal) => signal.aborted);
  const stop = operations.run("ws-a", "stop", async (signal) => signal.aborted);
  operations.cancel("ws-a", (kind) => kind !== "delete");
  const end = operations.run("ws-a", "delete", async (signal) => signal.aborted);
  expect(await Promise.all([create, stop, end])).toEqual([true, true, false]);
});
