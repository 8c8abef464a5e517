import { describe, expect, test } from "vitest";
import { EGRESS_REFUSED } from "../../egress/egress.ts";
import { saidOf, toolNamed } from "../../testing/agent-stand-in/said-of.ts";
import type { AgentSaid } from "./tool.ts";

describe("opencode", () => {
  const base = { timestamp: 1, sessionID: "ses_1" };
  const START = { ...base, type: "step_start", part: {} };
  const STOP = { ...base, type: "step_finish", part: { reason: "stop", tokens: { input: 2, output: 1 }, cost: 0.1 } };
  const failure = (name: string, data: object) => ({ ...base, type: "error", error: { name, data } });
  test.each<[string, (object | string)[], Partial<AgentSaid>]>([
    [
      "is done",
      [START, { ...base, type: "text", part: { text: "Done." } }, STOP],
      { session: "ses_1", text: "Done.", finished: "maybe", usage: { inputTokens: 2, outputTokens: 1, cost: 0.1 } },
    ],
    [
      "is done in several steps, each of which tells its own use",
      [START, STOP, START, STOP],
      { finished: "maybe", usage: { inputTokens: 4, outputTokens: 2, cost: 0.2 } },
    ],
    ["uses tools", [START, { ...base, type: "step_finish", part: { reason: "tool-calls" } }], { finished: false }],
    ["has no key", [failure("ProviderAuthError", { message: "No key." })], { lockedOut: "No key." }],
    [
      "met its limit",
      [START, failure("APIError", { message: "Slow down.", statusCode: 429 })],
      { limited: { text: "Slow down." } },
    ],
    [
      "met its limit, in words",
      [failure("APIError", { message: "Monthly usage limit reached" })],
      { limited: { text: "Monthly usage limit reached" } },
    ],
    [
      "failed",
      [failure("UnknownError", { message: "Unexpected server error." })],
      { failed: { code: "command_failed", message: "opencode could not go on: Unexpected server error." } },
    ],
    [
      "may not reach its provider, which is no word of that",
      [failure("APIError", { message: `Forbidden: ${EGRESS_REFUSED} api.anthropic.com:443. No.`, statusCode: 403 })],
      { failed: expect.objectContaining({ code: "egress_refused" }) as never },
    ],
    ["failed, and tried again", [failure("APIError", { message: "Oops." }), START, STOP], { finished: "maybe" }],
    [
      "was not allowed something, as it says at its end",
      [START, STOP, { ...base, type: "done", reason: "idle", rejected: [{ permission: "bash" }] }],
      { asked: { text: "It was not allowed to use bash.", reason: "permission" } },
    ],
    [
      "was not allowed something, as its tool says",
      [
        START,
        {
          ...base,
          type: "tool_use",
          part: { tool: "edit", state: { error: "The user rejected permission to use this." } },
        },
        START,
        STOP,
      ],
      { asked: { text: "It was not allowed to use edit.", reason: "permission" } },
    ],
  ])("that %s", (_title, lines, expected) => {
    const found = saidOf("opencode", lines);
    expect(found).toMatchObject(expected);
    for (const name of ["limited", "lockedOut", "asked", "failed"] as const) {
      if (!(name in expected)) expect(found).not.toHaveProperty(name);
    }
  });

  test("asks nobody where it may do everything, and takes its keys by its model's provider", () => {
    const tool = toolNamed("opencode");
    const { argv } = tool.command({ permissions: "all", model: "acme/x", session: "ses_1", variables: {} });
    expect(argv.join(" ")).toBe("opencode run --format json -m acme/x --session ses_1 --auto");
    expect(tool.command({ permissions: "edits", variables: {} }).argv).not.toContain("--auto");
    expect([tool.keys("anthropic/x"), tool.keys("acme/x"), tool.keys()]).toEqual([["ANTHROPIC_API_KEY"], [], []]);
  });
});
