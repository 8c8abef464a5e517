import { describe, expect, test } from "vitest";
import { saidOf, toolNamed } from "../../testing/agent-stand-in/said-of.ts";
import { LIMIT, NO_BEARER } from "../../testing/agent-stand-in/samples.ts";
import type { AgentSaid, AgentTool } from "./tool.ts";

describe("codex", () => {
  const CONNECT = "stream disconnected before completion: URL error: HTTP CONNECT failed with status 403";
  const REFUSED = [
    { type: "error", message: `Reconnecting... 5/5 (${CONNECT})` },
    { type: "item.completed", item: { type: "error", message: `Falling back from WebSockets. ${CONNECT}` } },
  ];
  const WAITS = { type: "error", message: "Reconnecting... waiting for network (Connection failed)" };
  const OUT_OF_REACH = { code: "egress_refused", message: "codex may not reach what it needs from this workspace." };
  const THREAD = [{ type: "thread.started", thread_id: "01a2" }, { type: "turn.started" }];
  test.each<[string, (object | string)[], Partial<AgentSaid>]>([
    [
      "is done",
      [
        ...THREAD,
        { type: "item.completed", item: { type: "agent_message", text: "Done." } },
        { type: "turn.completed", usage: { input_tokens: 2, output_tokens: 1 } },
      ],
      { session: "01a2", text: "Done.", finished: "surely", usage: { inputTokens: 2, outputTokens: 1 } },
    ],
    [
      "tries again and again",
      [...THREAD, { type: "error", message: `Reconnecting... 2/5 (${NO_BEARER})` }],
      { finished: false },
    ],
    [
      "is done after it tried again",
      [...THREAD, { type: "error", message: "Reconnecting... 2/5 (x)" }, { type: "turn.completed" }],
      { finished: "surely" },
    ],
    ["has no key", [...THREAD, { type: "turn.failed", error: { message: NO_BEARER } }], { lockedOut: NO_BEARER }],
    ["met its limit", [...THREAD, { type: "turn.failed", error: { message: LIMIT } }], { limited: { text: LIMIT } }],
    [
      "met its limit, and said so before",
      [...THREAD, { type: "error", message: LIMIT }, { type: "turn.failed" }],
      { limited: { text: LIMIT } },
    ],
    [
      "failed",
      [...THREAD, { type: "turn.failed", error: { message: "stream disconnected" } }],
      { failed: { code: "command_failed", message: "codex could not go on: stream disconnected" } },
    ],
    [
      "may not reach its provider",
      [...THREAD, ...REFUSED, WAITS],
      { failed: expect.objectContaining(OUT_OF_REACH) as never },
    ],
    ["may not reach a provider, and tries on", [...THREAD, ...REFUSED], { finished: false }],
    ["waits for a network that nobody refuses it", [...THREAD, WAITS, WAITS], { finished: false }],
    [
      "was let out after all",
      [
        ...THREAD,
        ...REFUSED,
        WAITS,
        { type: "item.completed", item: { type: "agent_message", text: "Done." } },
        { type: "turn.completed" },
      ],
      { finished: "surely" },
    ],
    [
      "was declined a command, and is done",
      [
        ...THREAD,
        { type: "item.completed", item: { type: "command_execution", status: "declined" } },
        { type: "turn.completed" },
      ],
      { finished: "surely" },
    ],
    [
      "speaks of limits only",
      [
        ...THREAD,
        { type: "item.completed", item: { type: "agent_message", text: `${LIMIT} ${NO_BEARER}` } },
        { type: "turn.completed" },
      ],
      { finished: "surely" },
    ],
  ])("that %s", (_title, lines, expected) => {
    const found = saidOf("codex", lines);
    expect(found).toMatchObject(expected);
    for (const name of ["limited", "lockedOut", "asked", "failed"] as const) {
      if (!(name in expected)) expect(found).not.toHaveProperty(name);
    }
  });

  test.each<[string, Parameters<AgentTool["command"]>[0], string]>([
    [
      "anew",
      { permissions: "all", variables: {} },
      "codex exec --json --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox -c features.plugins=false -c analytics.enabled=false -",
    ],
    [
      "again",
      { permissions: "ask", model: "m", session: "01a2", variables: {} },
      'codex exec resume --json --skip-git-repo-check -c sandbox_mode="read-only" -c features.plugins=false -c analytics.enabled=false -m m 01a2 -',
    ],
  ])("is started %s", (_title, ask, expected) => {
    expect(toolNamed("codex").command(ask).argv.join(" ")).toBe(expected);
  });

  test("is given the key that it does not look for, where it has none of its own", () => {
    const { command } = toolNamed("codex");
    const asked = { permissions: "all" } as const;
    const [own, other] = [crypto.randomUUID(), crypto.randomUUID()];
    expect(command({ ...asked, variables: { OPENAI_API_KEY: other } }).env).toEqual({ CODEX_API_KEY: other });
    expect(command({ ...asked, variables: { OPENAI_API_KEY: other, CODEX_API_KEY: own } })).not.toHaveProperty("env");
  });
});
