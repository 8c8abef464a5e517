import type { WorkerInfo } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { stateOf } from "./state-of.ts";

const NOW = Date.parse("2026-11-01T10:00:00.000Z");
const worker = (given: Partial<WorkerInfo>): WorkerInfo => ({
  id: "worker-1",
  name: "desk",
  state: "online",
  added: "2026-10-01T10:00:00.000Z",
  ...given,
});

test.each<[Partial<WorkerInfo>, string]>([
  [{ latencyMs: 12.4 }, "Online, 12 ms away"],
  [{}, "Online"],
  [{ state: "offline", lastSeen: "2026-11-01T09:00:00.000Z" }, "Offline, seen 1 hour ago"],
  [{ state: "expected" }, "Not there yet"],
  [{ state: "revoked", lastSeen: "2026-10-31T10:00:00.000Z" }, "Token revoked, seen 1 day ago"],
])("Of a worker with %j it is said: %s", (given, text) => {
  expect(stateOf(worker(given), NOW).text).toBe(text);
});

test("Whoever is not there is told of with what brings it back", () => {
  for (const state of ["offline", "expected", "revoked"] as const)
    expect(stateOf(worker({ state }), NOW).next).toMatch(/\.$/);
});
