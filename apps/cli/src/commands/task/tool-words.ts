/** Makes words for people of what a coding tool says in lines of JSON; undefined for a tool whose lines are not known. */
export function toolWords(tool: string | undefined): ((text: string) => string) | undefined {
  const words = tool === undefined || !Object.hasOwn(TOOLS, tool) ? undefined : TOOLS[tool];
  if (words === undefined) return undefined;
  let begun = "";
  return (text) => {
    const lines = `${begun}${text}`.split("\n");
    begun = lines.pop() ?? "";
    return lines.map((line) => wordsOf(line, words)).join("");
  };
}

type Said = Readonly<Record<string, unknown>>;

const TOOLS: Readonly<Record<string, (said: Said) => (string | undefined)[]>> = {
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

/** What is no line of the tool's is shown as it is. */
function wordsOf(line: string, words: (said: Said) => (string | undefined)[]): string {
  if (!line.startsWith("{")) return `${line}\n`;
  try {
    const said = words(JSON.parse(line) as Said).filter((one) => one !== undefined && one.trim() !== "");
    return said.map((one) => `${one}\n`).join("");
  } catch {
    return `${line}\n`;
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
