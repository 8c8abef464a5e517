/** Makes words for people of what a coding tool says in lines of JSON. */
export interface ToolWords {
  /** The words of the lines that are whole with this. */
  push(text: string): string;
  /** Of a last line that nothing ended; the beginning of a message says nothing. */
  end(): string;
}

/** More is no line that anybody reads. */
const LONGEST = 8 * 1024 * 1024;

/** Undefined for a tool whose lines are not known. */
export function toolWords(tool: string | undefined): ToolWords | undefined {
  const words = tool === undefined || !Object.hasOwn(TOOLS, tool) ? undefined : TOOLS[tool];
  return words === undefined ? undefined : linesAs(words);
}

type Words = (said: Said) => (string | undefined)[];

function linesAs(words: Words): ToolWords {
  // Put together once at its end: a long line that comes in many parts is not copied with each of them.
  let parts: string[] = [];
  let length = 0;

  function finish(broken?: string): string {
    const line = length > LONGEST ? undefined : parts.join("");
    parts = [];
    length = 0;
    return line === undefined ? "" : wordsOf(line, words, broken);
  }

  function begin(text: string): void {
    length += text.length;
    if (length > LONGEST) parts = [];
    else parts.push(text);
  }

  return {
    push(text) {
      const [first = "", ...others] = text.split("\n");
      begin(first);
      if (others.length === 0) return "";
      const said = [finish(), ...others.slice(0, -1).map((line) => wordsOf(line, words))];
      begin(others.at(-1) ?? "");
      return said.join("");
    },
    end: () => (length === 0 ? "" : finish("")),
  };
}

type Said = Readonly<Record<string, unknown>>;

const TOOLS: Readonly<Record<string, Words>> = {
  claude(said) {
    if (said["type"] === "result") return said["is_error"] === true ? [textAt(said, "result")] : [];
    if (said["type"] !== "assistant") return [];
    return listAt(said, "message", "content").map((part) =>
      textAt(part, "type") === "tool_use" ? did(textAt(part, "name"), part, "input") : textAt(part, "text"),
    );
  },
  codex(said) {
    if (said["type"] === "error") return [textAt(said, "message")];
    if (said["type"] === "turn.failed") return [textAt(said, "error", "message")];
    if (said["type"] !== "item.completed") return [];
    const command = textAt(said, "item", "command");
    return [command === undefined ? textAt(said, "item", "text") : did(command)];
  },
  opencode(said) {
    if (said["type"] === "text") return [textAt(said, "part", "text")];
    if (said["type"] === "tool_use") return [did(textAt(said, "part", "tool"), said, "part", "state", "input")];
    if (said["type"] !== "error") return [];
    return [textAt(said, "error", "data", "message") ?? textAt(said, "error", "name")];
  },
};

/** What is no line of the tool's is shown as it is, but for what only looks like one. */
function wordsOf(line: string, words: Words, broken = `${line}\n`): string {
  if (!line.startsWith("{")) return `${line}\n`;
  try {
    const said = words(JSON.parse(line) as Said).filter((one) => one !== undefined && one.trim() !== "");
    return said.map((one) => `${one}\n`).join("");
  } catch {
    return broken;
  }
}

const MOST = 120;

/** What it did, and with what, in one line. */
function did(what = "something", value?: unknown, ...path: string[]): string {
  const input = at(value, path);
  const [first] = typeof input === "object" && input !== null ? Object.values(input) : [];
  const detail = typeof first === "string" ? ` ${first}` : "";
  const line = `· ${what}${detail}`.replaceAll(/\s+/g, " ");
  return line.length > MOST ? `${line.slice(0, MOST)}…` : line;
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );
}

function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, path);
  return typeof found === "string" ? found : undefined;
}

function listAt(value: unknown, ...path: string[]): unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}
