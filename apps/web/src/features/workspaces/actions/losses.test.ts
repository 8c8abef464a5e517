import type { AgentClient } from "@ws/rpc-contract/client";
import { expect, test } from "vitest";
import { findLosses, parseLook } from "./losses.ts";

const never = new AbortController().signal;

function client(answers: { exec?: () => unknown; list?: () => unknown }): AgentClient {
  return {
    workspaces: { exec: async () => answers.exec?.() },
    terminals: { list: async () => answers.list?.() },
  } as unknown as AgentClient;
}

test("Changed files and commits that no remote has are told apart", () => {
  expect(parseLook(" M src/a.ts\n?? b.txt\n\n===\nabc1234 Add a thing\n")).toEqual({
    uncommitted: ["src/a.ts", "b.txt"],
    unpushed: ["abc1234 Add a thing"],
  });
  expect(parseLook("\n===\n")).toEqual({ uncommitted: [], unpushed: [] });
});

test("Only terminals whose program runs are counted", async () => {
  const losses = await findLosses(
    client({
      exec: () => ({ exitCode: 0, stdout: "\n===\n", stderr: "" }),
      list: () => [{ id: "main" }, { id: "t2", exitCode: 0 }],
    }),
    { name: "demo", status: "running", repo: "https://example.com/x" },
    never,
  );
  expect(losses).toEqual({ work: { uncommitted: [], unpushed: [] }, terminals: 1 });
});

test("What cannot be looked at is unknown, never 'nothing'", async () => {
  const failing = client({
    exec: () => {
      throw new Error("gone");
    },
    list: () => {
      throw new Error("gone");
    },
  });
  const repo = "https://example.com/x";
  expect(await findLosses(failing, { name: "demo", status: "running", repo }, never)).toEqual({
    work: undefined,
    terminals: undefined,
  });
  expect(await findLosses(failing, { name: "demo", status: "stopped", repo }, never)).toEqual({
    work: undefined,
    terminals: undefined,
  });
});
