import { EGRESS_REFUSED } from "../../egress/egress.ts";
import { countAt, kept, listAt, parseLine, sessionAt, textAt, wordsOf } from "./json.ts";
import { outOfReach } from "./out-of-reach.ts";
import { sessionGone } from "./session-gone.ts";
import type { AgentUsage } from "../task.ts";
import type { AgentReader, AgentSaid, AgentTool, ToolServer } from "./tool.ts";

/** OpenCode, printing what it does as JSON lines. */
export const OPENCODE: AgentTool = {
  name: "opencode",
  command({ session, model, permissions, servers = [] }) {
    return {
      argv: [
        "opencode",
        "run",
        "--format",
        "json",
        ...(model === undefined ? [] : ["-m", model]),
        ...(session === undefined ? [] : ["--session", session]),
        ...(permissions === "all" ? ["--auto"] : []),
      ],
      env: {
        OPENCODE_DISABLE_AUTOUPDATE: "1",
        // A repository's own would start whatever servers of tools it names.
        OPENCODE_DISABLE_PROJECT_CONFIG: "1",
        ...(servers.length === 0 ? {} : { OPENCODE_CONFIG_CONTENT: configOf(servers) }),
        ...(permissions === "ask" ? { OPENCODE_PERMISSION: '{"edit":"ask","bash":"ask"}' } : {}),
      },
    };
  },
  reader: createOpencodeReader,
  explain(errors) {
    return /Session not found/.test(errors) ? { failed: sessionGone("opencode") } : {};
  },
  keys: (model = "") => KEYS[model.split("/", 1)[0] ?? ""] ?? [],
  logins: [".local/share/opencode/auth.json"],
  needsModel: true,
};

function configOf(servers: readonly ToolServer[]): string {
  const entries = servers.map(({ name, url }) => [name, { type: "remote", url, enabled: true }] as const);
  return JSON.stringify({ mcp: Object.fromEntries(entries) });
}

/** Of the providers whose keys are known; any other may have its key in a configuration of its own. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  anthropic: ["ANTHROPIC_API_KEY"],
  openai: ["OPENAI_API_KEY"],
  openrouter: ["OPENROUTER_API_KEY"],
  google: ["GOOGLE_GENERATIVE_AI_API_KEY", "GEMINI_API_KEY"],
};

const LIMIT = /usage limit|rate limit|quota|too many requests/i;

function createOpencodeReader(): AgentReader {
  let kind: Pick<AgentSaid, "session" | "text" | "usage"> = {};
  let ending: Partial<AgentSaid> | undefined;
  let rejected: string[] = [];

  function line(text: string): void {
    const event = parseLine(text);
    const session = sessionAt(event, "sessionID");
    if (session !== undefined) kind = { ...kind, session };
    switch (textAt(event, "type")) {
      case "step_start":
        ending = undefined;
        return;
      case "text": {
        const said = textAt(event, "part", "text") ?? "";
        if (said.trim() !== "") kind = { ...kind, text: kept(said) };
        return;
      }
      case "tool_use": {
        ending = undefined;
        // What is not allowed is rejected without a question where nobody can be asked.
        const error = textAt(event, "part", "state", "error") ?? "";
        if (/rejected permission/i.test(error)) reject(textAt(event, "part", "tool") ?? "a tool");
        return;
      }
      case "step_finish":
        kind = { ...kind, ...withStep(kind.usage, event) };
        if (textAt(event, "part", "reason") === "stop") ending = { finished: "maybe" };
        return;
      case "done":
        for (const one of listAt(event, "rejected")) {
          reject(typeof one === "string" ? one : (textAt(one, "permission") ?? "a tool"));
        }
        ending ??= { finished: "maybe" };
        return;
      case "error":
        ending = failureOf(event);
        return;
    }
  }

  function reject(what: string): void {
    if (rejected.length < 10) rejected = [...rejected, what];
  }

  return {
    line,
    said() {
      const said: AgentSaid = { finished: false, ...kind, ...ending };
      if (said.finished === false || rejected.length === 0) return said;
      const text = `It was not allowed to use ${wordsOf([...new Set(rejected)].join(", "))}.`;
      return { ...said, asked: { text, reason: "permission" } };
    },
  };
}

/** Each step tells its own use, and nobody their sum. */
function withStep(before: AgentUsage = {}, event: unknown): Pick<AgentSaid, "usage"> {
  const inputTokens = countAt(event, "part", "tokens", "input");
  const outputTokens = countAt(event, "part", "tokens", "output");
  const cost = countAt(event, "part", "cost");
  if (inputTokens === undefined || outputTokens === undefined) return {};
  const { inputTokens: input = 0, outputTokens: output = 0, cost: paid = 0 } = before;
  const all = { inputTokens: input + inputTokens, outputTokens: output + outputTokens };
  return { usage: { ...all, ...(cost === undefined ? {} : { cost: paid + cost }) } };
}

function failureOf(event: unknown): Partial<AgentSaid> {
  const name = textAt(event, "error", "name") ?? "";
  const message = textAt(event, "error", "data", "message") ?? textAt(event, "error", "message") ?? name;
  const status = countAt(event, "error", "data", "statusCode");
  // What the way out of its workspace answers is no word of the provider's.
  if (message.includes(EGRESS_REFUSED)) return { failed: outOfReach("opencode") };
  if (name === "ProviderAuthError" || status === 401 || status === 403) return { lockedOut: message };
  if (status === 429 || (name === "APIError" && LIMIT.test(message))) return { limited: { text: message } };
  const why = wordsOf(message.trim() || "it did not say why");
  return { failed: { code: "command_failed", message: `opencode could not go on: ${why}` } };
}
