import type { ConnectionState } from "@ws/rpc-contract/connection";
import { expect, test } from "vitest";
import { heardText, outageOf } from "./outage.ts";

const down = {
  kind: "down",
  since: 10_000,
  cause: "silent",
  attempts: 2,
  nextTryAt: 23_000,
  heardAt: 8_000,
  problem: undefined,
} satisfies ConnectionState;

test("An outage says what is wrong, when it is tried again and how old the page is", () => {
  expect(outageOf(down, 20_000)).toEqual({
    said: "The worker has fallen silent.",
    next: "Trying again in 3 s. What you see is as it was 12 s ago.",
    tries: true,
  });
  expect(outageOf({ ...down, nextTryAt: undefined, heardAt: undefined }, 20_000).next).toBe("Trying again now…");
});

test("What the agent itself says of it goes before our own words", () => {
  const problem = { code: "engine_unreachable", message: "Docker does not answer." };
  expect(outageOf({ ...down, cause: "overloaded", problem }, 20_000).said).toBe("Docker does not answer.");
});

test("Where trying again cannot help, the next step stands instead", () => {
  const problem = { code: "unauthorized", message: "The token was revoked.", next: "Open a new link: ws open." };
  const stopped = { kind: "stopped", reason: "revoked", problem } as const;
  expect(outageOf(stopped, 0)).toEqual({ said: problem.message, next: problem.next, tries: false });
});

test("The last sign of life is told in whole units", () => {
  expect([heardText(undefined, 5), heardText(100, 400), heardText(0, 2_100), heardText(0, 75_000)]).toEqual([
    "not heard yet",
    "just now",
    "2 s ago",
    "1 min 15 s ago",
  ]);
});

test("A worker that its hub does not reach is said to be offline in words of this page, not in those for the command line", () => {
  const problem = { code: "worker_offline", message: "The worker 'desk' is not there.", next: "ws worker list" };
  expect(outageOf({ ...down, cause: "overloaded", problem }, 20_000).said).toBe(
    "This worker is offline. Its workspaces, terminals and tasks go on.",
  );
});
