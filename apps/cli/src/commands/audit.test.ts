import { Command } from "commander";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { registerAudit } from "./audit.ts";

test("the audit's table holds nothing that a terminal would obey, and a line for each entry, which says what was a dry run (CVE-2021-25743)", async () => {
  const printed: string[] = [];
  const entry = { at: "now", who: "10.0.0.1", action: "tokens.revoke", outcome: "ok" };
  const entries = [
    { ...entry, target: "\u001b]0;x\u0007a\nb\u009b2Jc" },
    { ...entry, action: "workspaces.reap", details: { dryRun: "true" } },
  ];
  const context: Partial<Context> = {
    io: createFakeIo(),
    print: (text) => void printed.push(text),
    connect: async () => ({ client: { audit: { list: async () => entries } } }) as never,
  };
  const program = new Command();
  registerAudit(program, context as Context);
  await program.parseAsync(["audit"], { from: "user" });
  expect(printed.join("").split("\n")).toEqual([
    expect.stringMatching(/^WHEN/) as string,
    "now   10.0.0.1  tokens.revoke              a bc  ok",
    "now   10.0.0.1  workspaces.reap (dry run)  -     ok",
  ]);
});
