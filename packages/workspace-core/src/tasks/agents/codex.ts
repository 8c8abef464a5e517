import type { AgentPermissions } from "../task.ts";
import { countAt, kept, parseLine, sessionAt, textAt, wordsOf } from "./json.ts";
import { sessionGone } from "./session-gone.ts";
import type { AgentReader, AgentSaid, AgentTool } from "./tool.ts";

const SANDBOXES: Readonly<Record<AgentPermissions, readonly string[]>> = {
  ask: ["-c", 'sandbox_mode="read-only"'],
  edits: ["-c", 'sandbox_mode="workspace-write"'],
  all: ["--dangerously-bypass-approvals-and-sandbox"],
};

/** Codex, printing what it does as JSON lines. */
export const CODEX: AgentTool = {
  name: "codex",
  command({ session, model, permissions, servers = [], variables }) {
    const { CODEX_API_KEY: own, OPENAI_API_KEY: key } = variables;
    return {
      argv: [
        "codex",
        "exec",
        ...(session === undefined ? [] : ["resume"]),
        "--json",
        "--skip-git-repo-check",
        ...SANDBOXES[permissions],
        // Of a repository it reads such settings only where its user has said to trust it. A text of JSON is one of TOML, too.
        ...servers.flatMap(({ name, url }) => ["-c", `mcp_servers.${name}.url=${JSON.stringify(url)}`]),
        ...(model === undefined ? [] : ["-m", model]),
        ...(session === undefined ? [] : [session]),
        "-",
      ],
      // It reads only its own variable.
      ...(own === undefined && key !== undefined ? { env: { CODEX_API_KEY: key } } : {}),
    };
  },
  reader: createCodexReader,
  explain(errors) {
    if (/no rollout found for thread|thread not found/i.test(errors)) return { failed: sessionGone("codex") };
    return /not logged in|codex login/i.test(errors) ? { lockedOut: lastLine(errors) } : {};
  },
  keys: () => ["CODEX_API_KEY", "OPENAI_API_KEY"],
  logins: [".codex/auth.json"],
};

const LIMIT =
  /usage limit|usage_limit_reached|rate_limit_exceeded|quota exceeded|insufficient_quota|429 Too Many Requests/i;
const LOGIN =
  /\b401 Unauthorized|invalid_api_key|missing api key|missing bearer|incorrect api key|refresh token|not logged in|log out and sign in/i;

function createCodexReader(): AgentReader {
  let kind: Pick<AgentSaid, "session" | "text" | "usage"> = {};
  let ending: Partial<AgentSaid> | undefined;
  let lastError = "";

  return {
    line(text) {
      const event = parseLine(text);
      switch (textAt(event, "type")) {
        case "thread.started": {
          const session = sessionAt(event, "thread_id");
          if (session !== undefined) kind = { ...kind, session };
          return;
        }
        case "turn.started":
          ending = undefined;
          return;
        case "item.completed": {
          const said = textAt(event, "item", "type") === "agent_message" ? textAt(event, "item", "text") : undefined;
          if (said !== undefined && said.trim() !== "") kind = { ...kind, text: kept(said) };
          return;
        }
        // One for each try: only the turn's end says that there is no further one.
        case "error":
          lastError = textAt(event, "message") ?? "";
          return;
        case "turn.completed":
          kind = { ...kind, ...usageOf(event) };
          ending = { finished: "surely" };
          return;
        case "turn.failed":
          ending = failureOf(textAt(event, "error", "message") ?? lastError);
          return;
      }
    },
    said: () => ({ finished: false, ...kind, ...ending }),
  };
}

function usageOf(event: unknown): Pick<AgentSaid, "usage"> {
  const inputTokens = countAt(event, "usage", "input_tokens");
  const outputTokens = countAt(event, "usage", "output_tokens");
  if (inputTokens === undefined || outputTokens === undefined) return {};
  return { usage: { inputTokens, outputTokens } };
}

function failureOf(message: string): Partial<AgentSaid> {
  if (LIMIT.test(message)) return { limited: { text: message } };
  if (LOGIN.test(message)) return { lockedOut: message };
  const why = wordsOf(message.trim() || "it did not say why");
  return { failed: { code: "command_failed", message: `codex could not go on: ${why}` } };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
