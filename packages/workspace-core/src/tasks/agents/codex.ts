import type { AgentPermissions } from "../task.ts";
import { countAt, kept, lastLine, parseLine, sessionAt, textAt, wordsOf } from "./json.ts";
import { outOfReach } from "./out-of-reach.ts";
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
        // What nobody here gave it, which it would fetch at each start; and what it tells of its use.
        "-c",
        "features.plugins=false",
        "-c",
        "analytics.enabled=false",
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
/** A workspace whose way out refuses it is not let out later, and it would ask for ever. */
const REFUSED = /HTTP CONNECT failed with status 403/;
const WAITS = /waiting for network/;
const LOGIN =
  /\b401 Unauthorized|invalid_api_key|missing api key|missing bearer|incorrect api key|refresh token|not logged in|log out and sign in/i;

function createCodexReader(): AgentReader {
  let kind: Pick<AgentSaid, "session" | "text" | "usage"> = {};
  let ending: Partial<AgentSaid> | undefined;
  let lastError = "";
  let refused = false;

  function goesOn(): void {
    ending = undefined;
    refused = false;
  }

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
          return goesOn();
        case "item.completed": {
          const type = textAt(event, "item", "type");
          const said = type === "agent_message" ? textAt(event, "item", "text") : undefined;
          if (type !== "error") goesOn();
          if (said !== undefined && said.trim() !== "") kind = { ...kind, text: kept(said) };
          return;
        }
        // One for each try: only the turn's end says that there is no further one.
        case "error":
          lastError = textAt(event, "message") ?? "";
          refused ||= REFUSED.test(lastError);
          if (refused && WAITS.test(lastError)) ending = { failed: outOfReach("codex") };
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
  if (REFUSED.test(message)) return { failed: outOfReach("codex") };
  const why = wordsOf(message.trim() || "it did not say why");
  return { failed: { code: "command_failed", message: `codex could not go on: ${why}` } };
}
