import type { AgentPermissions, TaskQuestion } from "../task.ts";
import { at, countAt, kept, listAt, parseLine, sessionAt, textAt, wordsOf } from "./json.ts";
import { outOfReach } from "./out-of-reach.ts";
import type { AgentReader, AgentSaid, AgentTool, ToolServer } from "./tool.ts";
import { sessionGone } from "./session-gone.ts";
import { asInstant } from "./when.ts";

const MODES: Readonly<Record<AgentPermissions, string>> = {
  ask: "default",
  edits: "acceptEdits",
  all: "bypassPermissions",
};

/** Claude Code, printing what it does as JSON lines. */
export const CLAUDE: AgentTool = {
  name: "claude",
  command({ session, model, permissions, servers = [] }) {
    return {
      argv: [
        "claude",
        "-p",
        "--output-format",
        "stream-json",
        "--verbose",
        "--permission-mode",
        MODES[permissions],
        // What a repository brings with it was given by nobody who may give tools.
        "--strict-mcp-config",
        // Only where somebody can be asked does it ask. Nobody answers there, which it tells at its end; and it goes on.
        "--permission-prompt-tool",
        "stdio",
        ...(servers.length === 0 ? [] : ["--mcp-config", configOf(servers)]),
        ...(model === undefined ? [] : ["--model", model]),
        ...(session === undefined ? [] : ["--resume", session]),
      ],
      env: {
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1",
        // As root it refuses to do everything without this word that its place is one.
        ...(permissions === "all" ? { IS_SANDBOX: "1" } : {}),
      },
    };
  },
  reader: createClaudeReader,
  keys: () => ["ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_AUTH_TOKEN"],
  logins: [".claude/.credentials.json"],
};

function configOf(servers: readonly ToolServer[]): string {
  const entries = servers.map(({ name, url }) => [name, { type: "http", url }] as const);
  return JSON.stringify({ mcpServers: Object.fromEntries(entries) });
}

const LIMITED = new Set(["rate_limit", "usage_limit"]);
const MOST_REFUSED = 3;
const LOCKED_OUT = new Set(["authentication_failed", "billing_error", "oauth_org_not_allowed"]);

function createClaudeReader(): AgentReader {
  let kind: Pick<AgentSaid, "session" | "text" | "usage"> = {};
  let ending: Partial<AgentSaid> | undefined;
  /** What the last answer that was none of the model's says went wrong. */
  let fault: string | undefined;
  let window: { until?: number } | undefined;
  /** How often in a row its key was refused: it would ask again for minutes. */
  let refused = 0;

  function line(text: string): void {
    const message = parseLine(text) ?? salvage(text);
    const session = sessionAt(message, "session_id");
    if (session !== undefined) kind = { ...kind, session };
    switch (textAt(message, "type")) {
      case "system":
        // Told also of what is asked of the interface meanwhile; only a new turn takes back that it had come to its end.
        if (textAt(message, "subtype") === "init") ending = undefined;
        if (textAt(message, "subtype") === "api_retry") retried(message);
        return;
      case "rate_limit_event":
        return limited(at(message, "rate_limit_info"));
      case "assistant":
        return assistant(message);
      case "user":
        ending = undefined;
        return;
      case "result":
        return result(message);
    }
  }

  function limited(info: unknown): void {
    if (textAt(info, "status") !== "rejected") {
      window = undefined;
      return;
    }
    const until = asInstant(at(info, "resetsAt"));
    window = until === undefined ? {} : { until };
  }

  function retried(message: unknown): void {
    const status = countAt(message, "error_status");
    const isRefused = status === 401 || status === 403 || LOCKED_OUT.has(textAt(message, "error") ?? "");
    refused = isRefused ? refused + 1 : 0;
    if (refused >= MOST_REFUSED)
      ending = { lockedOut: `its key was refused${status === undefined ? "" : ` (${status})`}` };
  }

  function assistant(message: unknown): void {
    refused = 0;
    fault = textAt(message, "error");
    ending = undefined;
    if (fault !== undefined || textAt(message, "message", "model") === "<synthetic>") return;
    const said = listAt(message, "message", "content")
      .filter((part) => textAt(part, "type") === "text")
      .map((part) => textAt(part, "text") ?? "");
    if (said.join("").trim() !== "") kind = { ...kind, text: kept(said.join("\n")) };
  }

  function result(message: unknown): void {
    const usage = {
      inputTokens: countAt(message, "usage", "input_tokens"),
      outputTokens: countAt(message, "usage", "output_tokens"),
      cost: countAt(message, "total_cost_usd"),
    };
    const counted = Object.entries(usage).filter(([, count]) => count !== undefined);
    if (counted.length > 0) kind = { ...kind, usage: Object.fromEntries(counted) };
    const words = textAt(message, "result") ?? "";
    // Its word "success" says nothing: what could not even begin has it too. Some versions say of turns that ran out that they are no error.
    if (at(message, "is_error") === true || textAt(message, "subtype")?.startsWith("error") === true) {
      ending = broken(message, words);
      return;
    }
    if (words.trim() !== "") kind = { ...kind, text: kept(words) };
    const asked = questionOf(listAt(message, "permission_denials"));
    ending = { finished: "surely", ...(asked === undefined ? {} : { asked }) };
  }

  function broken(message: unknown, words: string): Partial<AgentSaid> {
    const status = countAt(message, "api_error_status");
    const errors = listAt(message, "errors").filter((error) => typeof error === "string");
    if (errors.some((error) => error.includes("No conversation found"))) {
      // It names the one that it was asked for.
      const { session: _session, ...rest } = kind;
      kind = rest;
      return { failed: sessionGone("claude") };
    }
    if (status === 401 || status === 403 || LOCKED_OUT.has(fault ?? "")) return { lockedOut: words };
    if (status === 429 || LIMITED.has(fault ?? "") || (window !== undefined && status === undefined)) {
      return { limited: { ...window, text: words } };
    }
    if (words.includes("ERR_PROXY_TUNNEL")) return { failed: outOfReach("claude") };
    const why = wordsOf((words || errors.join(" ") || textAt(message, "subtype")) ?? "");
    return { failed: { code: "command_failed", message: `claude could not go on: ${why}` } };
  }

  return { line, said: () => ({ finished: false, ...kind, ...ending }) };
}

/** It is told that there is nobody to ask, and what it wanted to know is only in what it was denied. */
function questionOf(denials: readonly unknown[]): TaskQuestion | undefined {
  const asked = denials.findLast((denial) => textAt(denial, "tool_name") === "AskUserQuestion");
  if (asked !== undefined) {
    const questions = listAt(asked, "tool_input", "questions");
    const text = kept(questions.flatMap((one) => textAt(one, "question") ?? []).join("\n"));
    const [only, ...more] = questions;
    const labels = listAt(only, "options").flatMap((option) => textAt(option, "label") ?? []);
    const options = more.length === 0 ? labels.slice(0, 20).map((label) => kept(label).slice(0, 200)) : [];
    return {
      text: text === "" ? "It asks something, and did not say what." : text,
      ...(options.length === 0 ? {} : { options }),
      reason: "question",
    };
  }
  const tools = [...new Set(denials.flatMap((denial) => textAt(denial, "tool_name") ?? []))].slice(0, 10);
  if (tools.length === 0) return undefined;
  return { text: `It was not allowed to use ${wordsOf(tools.join(", "))}.`, reason: "permission" };
}

/** A limit that was written into the middle of another line. */
function salvage(text: string): unknown {
  const begin = text.indexOf('{"type":"rate_limit_event"');
  if (begin === -1) return undefined;
  for (let end = text.indexOf("}", begin), tries = 0; end !== -1 && tries < 50; end = text.indexOf("}", end + 1)) {
    const found = parseLine(text.slice(begin, end + 1));
    if (found !== undefined) return found;
    tries += 1;
  }
  return undefined;
}
