import { describe, expect, test } from "vitest";
import { saidOf, toolNamed } from "../../testing/agent-stand-in/said-of.ts";
import {
  INIT,
  said,
  synthetic,
  result,
  rejected,
  HIT,
  hit,
  REFUSED,
  OVERLOADED,
} from "../../testing/agent-stand-in/samples.ts";
import type { AgentSaid, AgentTool } from "./tool.ts";

describe("claude", () => {
  test.each<[string, (object | string)[], Partial<AgentSaid>]>([
    ["said nothing yet", [INIT], { session: "7f1c", finished: false }],
    [
      "is done",
      [
        INIT,
        said("Thinking."),
        result({ result: "Done.", usage: { input_tokens: 2, output_tokens: 1 }, total_cost_usd: 0.1 }),
      ],
      { finished: "surely", text: "Done.", usage: { inputTokens: 2, outputTokens: 1, cost: 0.1 } },
    ],
    [
      "says 'success' of what never began",
      [
        INIT,
        synthetic("Not logged in · Please run /login", "authentication_failed"),
        result({ is_error: true, api_error_status: null, result: "Not logged in · Please run /login" }),
      ],
      { lockedOut: "Not logged in · Please run /login", finished: false },
    ],
    ["is refused with its key once", [INIT, REFUSED], { session: "7f1c", finished: false }],
    ["is refused with its key, and then not", [INIT, REFUSED, REFUSED, said("x"), REFUSED], { finished: false }],
    [
      "is refused with its key again and again",
      [INIT, REFUSED, REFUSED, REFUSED],
      { lockedOut: "its key was refused (401)", finished: false },
    ],
    ["waits for what is overloaded", [INIT, ...Array.from({ length: 5 }, () => OVERLOADED)], { finished: false }],
    [
      "has a key that does not hold",
      [INIT, result({ is_error: true, api_error_status: 401, result: "Invalid API key" })],
      { lockedOut: "Invalid API key" },
    ],
    [
      "has no credit",
      [
        INIT,
        synthetic("Credit balance is too low", "billing_error"),
        result({ is_error: true, result: "Credit balance is too low" }),
      ],
      { lockedOut: "Credit balance is too low" },
    ],
    [
      "met its limit, with an instant",
      [INIT, rejected(1_785_769_200), ...hit],
      { limited: { until: 1_785_769_200_000, text: HIT } },
    ],
    [
      "met its limit, in milliseconds",
      [INIT, rejected(1_785_769_200_123), ...hit],
      { limited: { until: 1_785_769_200_123, text: HIT } },
    ],
    [
      "met its limit, in ISO text",
      [INIT, rejected("2026-08-03T15:00:00Z"), ...hit],
      { limited: { until: Date.UTC(2026, 7, 3, 15), text: HIT } },
    ],
    ["met its limit, without one", [INIT, rejected(), ...hit], { limited: { text: HIT } }],
    ["met its limit, in words only", [INIT, ...hit], { limited: { text: HIT } }],
    [
      "met its limit in the middle of another line",
      [INIT, `{"type":"assistant","message":{"id":"x${JSON.stringify(rejected(1_785_769_200))},"content"`, ...hit],
      { limited: { until: 1_785_769_200_000, text: HIT } },
    ],
    [
      "is warned of a limit, and done",
      [
        INIT,
        { type: "rate_limit_event", rate_limit_info: { status: "allowed_warning", resetsAt: 9 } },
        result({ result: "Done." }),
      ],
      { finished: "surely", text: "Done." },
    ],
    [
      "met a limit, and went on with other means",
      [INIT, rejected(5), said("Still here."), result({ result: "Done." })],
      { finished: "surely" },
    ],
    [
      "asks",
      [
        INIT,
        result({
          result: "I need to know.",
          permission_denials: [
            { tool_name: "Bash", tool_input: {} },
            {
              tool_name: "AskUserQuestion",
              tool_input: { questions: [{ question: "Which?", options: [{ label: "A" }, { label: "B" }, {}] }] },
            },
          ],
        }),
      ],
      { asked: { text: "Which?", options: ["A", "B"], reason: "question" } },
    ],
    [
      "asks several things",
      [
        INIT,
        result({
          permission_denials: [
            {
              tool_name: "AskUserQuestion",
              tool_input: { questions: [{ question: "Which?", options: [{ label: "A" }] }, { question: "When?" }] },
            },
          ],
        }),
      ],
      { asked: { text: "Which?\nWhen?", reason: "question" } },
    ],
    [
      "was not allowed something",
      [INIT, result({ permission_denials: [{ tool_name: "Bash" }, { tool_name: "Write" }, { tool_name: "Bash" }] })],
      { asked: { text: "It was not allowed to use Bash, Write.", reason: "permission" } },
    ],
    [
      "has lost its conversation",
      [
        {
          type: "result",
          subtype: "error_during_execution",
          is_error: true,
          errors: ["No conversation found with session ID: 1"],
        },
      ],
      { failed: expect.objectContaining({ code: "session_missing" }) as never },
    ],
    [
      "may not reach its provider",
      [
        INIT,
        {
          type: "result",
          subtype: "success",
          is_error: true,
          api_error_status: null,
          result: "API Error: Couldn't connect through your proxy (ERR_PROXY_TUNNEL)",
        },
      ],
      { failed: expect.objectContaining({ code: "egress_refused" }) as never },
    ],
    [
      "took too many turns",
      [INIT, { type: "result", subtype: "error_max_turns", is_error: true }],
      { failed: { code: "command_failed", message: "claude could not go on: error_max_turns" } },
    ],
    [
      "took too many turns and calls that no error",
      [INIT, said("Half of it."), { type: "result", subtype: "error_max_turns", is_error: false }],
      { finished: false, failed: { code: "command_failed", message: "claude could not go on: error_max_turns" } },
    ],
    [
      "began a new turn after its end",
      [INIT, result({ result: "One." }), INIT, said("Two.")],
      { finished: false, text: "Two." },
    ],
    [
      "speaks of limits and logins only",
      [INIT, said(`${HIT} Not logged in 401`), result({ result: HIT })],
      { finished: "surely", text: HIT },
    ],
  ])("that %s", (_title, lines, expected) => {
    const found = saidOf("claude", lines);
    expect(found).toMatchObject(expected);
    for (const name of ["limited", "lockedOut", "asked", "failed"] as const) {
      if (!(name in expected)) expect(found).not.toHaveProperty(name);
    }
  });

  test("that has lost its conversation names none", () => {
    const errors = ["No conversation found with session ID: 1"];
    const lost = { type: "result", subtype: "error_during_execution", is_error: true, session_id: "7f1c", errors };
    expect(saidOf("claude", [lost])).not.toHaveProperty("session");
  });

  test("that names a conversation which would be an option has named none", () => {
    expect(saidOf("claude", [{ ...INIT, session_id: "--evil" }])).toEqual({ finished: false });
  });

  test.each<[Parameters<AgentTool["command"]>[0], string]>([
    [
      { permissions: "edits", variables: {} },
      "claude -p --output-format stream-json --verbose --permission-mode acceptEdits --strict-mcp-config --permission-prompt-tool stdio",
    ],
    [
      { permissions: "all", model: "opus", session: "7f1c", variables: {} },
      "claude -p --output-format stream-json --verbose --permission-mode bypassPermissions --strict-mcp-config --permission-prompt-tool stdio --model opus --resume 7f1c",
    ],
  ])("is started with its prompt on stdin: %j", (ask, expected) => {
    expect(toolNamed("claude").command(ask).argv.join(" ")).toBe(expected);
  });
});
