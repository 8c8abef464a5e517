import { createAnsiReader } from "../../../components/output/ansi.ts";
import { listAt, textAt, valueAt } from "./json.ts";

/** One thing that happened in a conversation with a coding tool. */
export type TalkItem =
  /** What it said, or, as `thought`, what it thought. */
  | { kind: "text" | "thought" | "note" | "error"; text: string }
  /** What it did: `detail` is the command, the file or whatever it was about. */
  | { kind: "tool"; id: string | undefined; name: string; detail: string; output?: string; failed?: boolean }
  /** What it printed that is no part of its protocol. */
  | { kind: "plain"; text: string }
  | { kind: "attempt"; attempt: number }
  | { kind: "gap"; bytes: number };

export interface Talk {
  add(piece: { attempt: number; offset: number; end: number; text: string }): void;
  items(): readonly TalkItem[];
  /** Whether the beginning had to be forgotten. */
  dropped(): boolean;
}

const MOST_ITEMS = 1_000;
const LONGEST_LINE = 2_097_152;
const LONGEST_TEXT = 20_000;
const LONGEST_OUTPUT = 8_000;

/** Reads what a coding tool prints, one JSON value a line, as a conversation; of an unknown value nothing is shown. */
export function createTalk(): Talk {
  let items: TalkItem[] = [];
  let dropped = false;
  let attempt = 0;
  let end = 0;
  let open = "";
  let skipping = false;
  return {
    add(piece) {
      if (piece.attempt !== attempt) {
        flush();
        attempt = piece.attempt;
        end = 0;
        if (attempt > 1) push({ kind: "attempt", attempt });
      }
      if (piece.end <= end) return;
      if (piece.offset > end) {
        // The rest of a line of which the beginning is missing tells nothing.
        push({ kind: "gap", bytes: piece.offset - end });
        open = "";
        skipping = true;
      }
      end = piece.end;
      const lines = (open + piece.text).split("\n");
      open = lines.pop() ?? "";
      for (const text of lines) {
        if (!skipping) line(text);
        skipping = false;
      }
      if (open.length <= LONGEST_LINE) return;
      open = "";
      skipping = true;
    },
    items: () => items,
    dropped: () => dropped,
  };

  function flush(): void {
    if (!skipping) line(open);
    open = "";
    skipping = false;
  }

  function push(item: TalkItem): void {
    items = [...items, item];
    if (items.length <= MOST_ITEMS) return;
    items = items.slice(-MOST_ITEMS);
    dropped = true;
  }

  function line(text: string): void {
    if (text.trim() === "") return;
    const value = parse(text);
    if (value === undefined) {
      const plain = withoutSequences(text);
      const last = items.at(-1);
      if (last?.kind === "plain")
        items = [...items.slice(0, -1), { kind: "plain", text: cut(`${last.text}\n${plain}`) }];
      else push({ kind: "plain", text: cut(plain) });
      return;
    }
    for (const item of read(value)) {
      if (item.kind === "tool" && item.id !== undefined) tool(item);
      else if (!("text" in item) || !isAgain(item.text)) push(item);
    }
  }

  /** What is told of a tool later is about the same use of it. */
  function tool(item: Extract<TalkItem, { kind: "tool" }>): void {
    const at = items.findLastIndex((one) => one.kind === "tool" && one.id === item.id);
    const before = items[at];
    if (before?.kind !== "tool") return void (item.name !== "" && push(item));
    items = items.with(at, {
      ...before,
      ...item,
      name: item.name || before.name,
      detail: item.detail || before.detail,
    });
  }

  /** The last message is often told once more as the result. */
  function isAgain(text: string): boolean {
    const last = items.at(-1);
    return last !== undefined && "text" in last && last.kind !== "plain" && last.text === text;
  }
}

function parse(text: string): object | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function read(value: object): TalkItem[] {
  const type = textAt(value, "type") ?? "";
  if (type.startsWith("item.")) return readItem(valueAt(value, "item"));
  switch (type) {
    case "assistant":
    case "user":
      return listAt(value, "message", "content").flatMap(readContent);
    case "result":
      return readResult(value);
    case "turn.failed":
      return said("error", textAt(value, "error", "message"));
    case "error":
      return said("error", textAt(value, "error", "data", "message") ?? textAt(value, "message"));
    case "text":
      return said("text", textAt(value, "part", "text"));
    case "reasoning":
      return said("thought", textAt(value, "part", "text"));
    case "tool_use": {
      const state = valueAt(value, "part", "state");
      return [
        {
          kind: "tool",
          id: textAt(value, "part", "callID") ?? textAt(value, "part", "id"),
          name: textAt(value, "part", "tool") ?? "tool",
          detail: detailOf(valueAt(state, "input")) || (textAt(state, "title") ?? ""),
          ...withOutput(textAt(state, "output") ?? textAt(state, "error"), textAt(state, "status") === "error"),
        },
      ];
    }
    default:
      return [];
  }
}

/** A part of a message of Claude Code. */
function readContent(part: unknown): TalkItem[] {
  switch (textAt(part, "type")) {
    case "text":
      return said("text", textAt(part, "text"));
    case "thinking":
      return said("thought", textAt(part, "thinking"));
    case "tool_use": {
      const name = textAt(part, "name") ?? "tool";
      return [{ kind: "tool", id: textAt(part, "id"), name, detail: detailOf(valueAt(part, "input")) }];
    }
    case "tool_result": {
      const content = valueAt(part, "content");
      const output =
        typeof content === "string"
          ? content
          : listAt(part, "content")
              .map((one) => textAt(one, "text") ?? "")
              .join("\n");
      const failed = valueAt(part, "is_error") === true;
      return [{ kind: "tool", id: textAt(part, "tool_use_id"), name: "", detail: "", ...withOutput(output, failed) }];
    }
    default:
      return [];
  }
}

function readResult(value: object): TalkItem[] {
  const isError = valueAt(value, "is_error") === true;
  const errors = listAt(value, "errors").filter((error) => typeof error === "string");
  return said(isError ? "error" : "text", textAt(value, "result") ?? errors.join("\n"));
}

/** An item of Codex. */
function readItem(item: unknown): TalkItem[] {
  const id = textAt(item, "id");
  switch (textAt(item, "type")) {
    case "agent_message":
      return said("text", textAt(item, "text"));
    case "reasoning":
      return said("thought", textAt(item, "text"));
    case "error":
      return said("note", textAt(item, "message"));
    case "command_execution": {
      const code = valueAt(item, "exit_code");
      const failed = textAt(item, "status") === "failed" || (typeof code === "number" && code !== 0);
      const detail = textAt(item, "command") ?? "";
      return [{ kind: "tool", id, name: "Shell", detail, ...withOutput(textAt(item, "aggregated_output"), failed) }];
    }
    case "file_change": {
      const detail = listAt(item, "changes").map(
        (change) => `${textAt(change, "kind") ?? ""} ${textAt(change, "path") ?? ""}`,
      );
      return [{ kind: "tool", id, name: "Edit", detail: detail.join("\n") }];
    }
    case "mcp_tool_call":
      return [{ kind: "tool", id, name: textAt(item, "tool") ?? "tool", detail: textAt(item, "server") ?? "" }];
    case "web_search":
      return [{ kind: "tool", id, name: "Search", detail: textAt(item, "query") ?? "" }];
    case "todo_list": {
      const todos = listAt(item, "items").map(
        (one) => `${valueAt(one, "completed") === true ? "✓" : "·"} ${textAt(one, "text") ?? ""}`,
      );
      return [{ kind: "tool", id, name: "Plan", detail: todos.join("\n") }];
    }
    default:
      return [];
  }
}

function said(kind: "text" | "thought" | "note" | "error", text: string | undefined): TalkItem[] {
  return text === undefined || text.trim() === "" ? [] : [{ kind, text: cut(text) }];
}

/** What a tool was used on: the word that says most of what it was given. */
function detailOf(input: unknown): string {
  for (const key of ["command", "file_path", "filePath", "path", "pattern", "query", "url", "description", "prompt"]) {
    const text = textAt(input, key);
    if (text !== undefined) return text.slice(0, 1_000);
  }
  return input === undefined || input === null ? "" : JSON.stringify(input).slice(0, 1_000);
}

function withOutput(output: string | undefined, failed: boolean): { output?: string; failed?: boolean } {
  return {
    ...(output === undefined || output === "" ? {} : { output: cut(withoutSequences(output), LONGEST_OUTPUT) }),
    ...(failed ? { failed } : {}),
  };
}

function withoutSequences(text: string): string {
  return createAnsiReader()
    .read(text)
    .map((part) => (part === "newline" ? "\n" : typeof part === "string" ? "" : part.text))
    .join("");
}

function cut(text: string, most = LONGEST_TEXT): string {
  return text.length <= most
    ? text
    : `${text.slice(0, most)}\n… ${(text.length - most).toLocaleString()} more characters`;
}
