import type { WorkspaceInfo } from "@ws/rpc-contract";
import { Command } from "commander";
import { expect, test } from "vitest";
import { createContext, type Context } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { registerInfo } from "./info.ts";

const WORKSPACE: WorkspaceInfo = {
  id: "ws-1",
  name: "demo",
  status: "running",
  runtime: "docker",
  isolation: "container",
  profile: "person",
  created: "2026-01-01T00:00:00.000Z",
  lastUsed: "2026-01-01T00:00:00.000Z",
  containerId: "",
  limits: {},
  ports: { ssh: 0 },
  startup: { steps: [], updatedAt: "2026-01-01T00:00:00.000Z" },
} as never;

async function shown(failure: object): Promise<string> {
  const io = createFakeIo();
  const context: Context = {
    ...createContext(io),
    connect: async () => ({ client: { workspaces: { get: async () => ({ ...WORKSPACE, failure }) } } }) as never,
  };
  const program = new Command();
  registerInfo(program, context);
  await program.parseAsync(["info", "demo"], { from: "user" });
  return io.out();
}

test.each([
  ["clone", "Failed at 'clone': It said no. (clone_failed)"],
  ["push", "The last finalize failed at 'push': It said no. (clone_failed)"],
  ["pull_request", "The last finalize failed at 'pull_request': It said no. (clone_failed)"],
  ["finalize", "The last finalize failed: It said no. (clone_failed)"],
])("a failure at %s says what failed", async (step, line) => {
  const failure = { step, code: "clone_failed", message: "It said no.", at: "2026-01-01T00:00:00.000Z" };
  expect(await shown(failure)).toContain(line);
});
