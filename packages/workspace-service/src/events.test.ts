import { expect, test } from "vitest";
import { createEmitter } from "./events.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

test("handlers hear everything in its order until they let go, and one that fails hurts nobody", async () => {
  const warned: unknown[] = [];
  const emitter = createEmitter({
    clock: { now: () => 1_000 },
    log: { ...quiet, warn: (_message, fields) => warned.push(fields) },
  });
  const heard: string[] = [];
  emitter.on(() => {
    throw new Error("a handler's own");
  });
  const end = emitter.on(({ type, timestamp }) => heard.push(`${type} ${timestamp.getTime()}`));
  emitter.emit({ type: "workspace:provisioning", workspaceId: "ws-a" });
  emitter.emit({ type: "workspace:ready", workspaceId: "ws-a" });
  expect(heard).toEqual([]);
  await Promise.resolve();
  expect(heard).toEqual(["workspace:provisioning 1000", "workspace:ready 1000"]);
  expect(warned).toHaveLength(2);
  end();
  end();
  emitter.emit({ type: "workspace:cleaned_up", workspaceId: "ws-a" });
  await Promise.resolve();
  expect(heard).toHaveLength(2);
});
