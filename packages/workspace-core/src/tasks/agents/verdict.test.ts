import { describe, expect, test } from "vitest";
import type { RunEnd } from "../../runs/runs.ts";
import { agentTools } from "./agent-tools.ts";
import type { AgentSaid } from "./tool.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

const NOW = Date.UTC(2026, 7, 3, 12, 0);
const exit = (code: number, signal?: string): RunEnd => ({
  how: "exit",
  code,
  ...(signal === undefined ? {} : { signal }),
});
const asked = { text: "Which?", reason: "question" } as const;
const failed = { code: "command_failed", message: "It broke." };

interface Case {
  said?: Partial<AgentSaid>;
  end?: RunEnd;
  errors?: string;
  cancelling?: boolean;
  tool?: string;
}

function judge({ said = {}, end = exit(0), errors = "", cancelling = false, tool: name = "claude" }: Case): Verdict {
  const tool = agentTools({
    mine: { argv: ["mine"], output: "text", limitText: "Slow Down", loginText: "no key" },
  }).get(name);
  if (tool === undefined) throw new Error(name);
  return verdictOf({ said: { finished: false, ...said }, end, errors }, { tool, task: "task-1", cancelling, now: NOW });
}

describe("what becomes of a coding tool's task", () => {
  test.each<[string, Case, object]>([
    ["done", { said: { finished: "surely" } }, { type: "ended", done: true }],
    [
      "done, whatever its exit code",
      { said: { finished: "surely" }, end: exit(1) },
      { type: "ended", done: true, end: exit(1) },
    ],
    [
      "done, though it was killed after its last word",
      { said: { finished: "surely" }, end: exit(137, "SIGKILL") },
      { done: true },
    ],
    ["maybe done", { said: { finished: "maybe" } }, { done: true }],
    [
      "maybe done, and ended badly",
      { said: { finished: "maybe" }, end: exit(1) },
      { done: { code: "command_failed" } },
    ],
    ["without its last word", {}, { done: { code: "no_result", message: "claude ended without a result." } }],
    [
      "without its last word, and with another on stderr",
      { end: exit(2), errors: "one\n  bad option \n" },
      { done: { code: "command_failed", message: "claude ended with exit code 2: bad option" } },
    ],
    ["not there", { end: exit(127), errors: "sh: claude: not found" }, { done: { code: "tool_missing" } }],
    ["killed", { end: exit(137, "SIGKILL") }, { type: "ended", end: exit(137, "SIGKILL") }],
    ["failed", { said: { failed } }, { type: "ended", done: failed }],
    ["asking", { said: { finished: "surely", asked } }, { type: "asked", question: asked }],
    [
      "limited",
      { said: { limited: { until: NOW + 3_600_000 } }, end: exit(1) },
      { type: "limited", until: NOW + 3_600_000 },
    ],
    ["limited, in words", { said: { limited: { text: "resets 3pm" } } }, { type: "limited", until: NOW + 10_800_000 }],
    ["limited until yesterday", { said: { limited: { until: 5 } } }, { type: "limited", until: 5 }],
    ["limited before all else", { said: { limited: { until: 5 }, asked, failed } }, { type: "limited" }],
    [
      "locked out",
      { said: { lockedOut: "Not logged in" } },
      {
        type: "locked_out",
        error: {
          code: "login_needed",
          message: "claude could not log in: Not logged in",
          next: expect.stringContaining("ws credential set ANTHROPIC_API_KEY") as string,
        },
      },
    ],
    [
      "cancelled",
      { said: { finished: "surely" }, end: { how: "cancelled" }, cancelling: true },
      { type: "ended", end: { how: "cancelled" } },
    ],
    ["cut off", { said: { text: "So far." }, end: { how: "timeout" } }, { type: "ended", end: { how: "timeout" } }],
    [
      "cut off by somebody's cancel and its time limit at once",
      { said: { finished: "surely" }, end: { how: "timeout" }, cancelling: true },
      { type: "ended", end: { how: "timeout" } },
    ],
    ["cut off after its last word", { said: { finished: "surely" }, end: { how: "timeout" } }, { done: true }],
    ["cut off after it met a limit", { said: { limited: {} }, end: { how: "timeout" } }, { type: "limited" }],
    ["lost", { end: { how: "lost" } }, { type: "ended", end: { how: "lost" } }],
    [
      "lost after its last word",
      { said: { finished: "surely" }, end: { how: "lost" } },
      { end: { how: "exit" }, done: true },
    ],
    [
      "ended by us after its last word",
      { said: { finished: "maybe" }, end: { how: "cancelled", code: 143 } },
      { end: { how: "exit" }, done: true },
    ],
    [
      "ended by us after it failed",
      { said: { failed }, end: { how: "cancelled", code: 143 } },
      { end: { how: "exit" }, done: failed },
    ],
    ["ended by nobody knows whom", { end: { how: "cancelled" } }, { type: "ended", end: { how: "cancelled" } }],
    [
      "codex, which says on stderr that its conversation is gone",
      { tool: "codex", end: exit(1), errors: "Error: thread/resume failed: no rollout found for thread id 1\n" },
      { done: { code: "session_missing" } },
    ],
    [
      "opencode, which says so too",
      { tool: "opencode", end: exit(1), errors: "Error: Session not found\n" },
      { done: { code: "session_missing" } },
    ],
    ["a custom tool that did its work", { tool: "mine", said: { finished: "code" } }, { done: true }],
    [
      "a custom tool that met a limit",
      { tool: "mine", said: { finished: "code" }, end: exit(1), errors: "please slow down" },
      { type: "limited" },
    ],
    [
      "a custom tool without a key",
      { tool: "mine", said: { finished: "code" }, end: exit(1), errors: "No key given" },
      { type: "locked_out" },
    ],
    [
      "a custom tool that failed",
      { tool: "mine", said: { finished: "code" }, end: exit(4) },
      { done: { code: "command_failed" } },
    ],
  ])("is %s", (_title, given, expected) => {
    expect(judge(given)).toMatchObject(expected);
  });

  test("says no instant where nobody did", () => {
    expect(judge({ said: { limited: { text: "Too many requests" } } })).toEqual({ type: "limited" });
  });

  test("leaves the escape sequences of what a tool says out of its message", () => {
    const { error } = judge({ said: { lockedOut: "\u001B]0;x\u0007No\u202Ekey" } }) as { error: { message: string } };
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
