import type { Setting, SettingTakes } from "@ws/rpc-contract";

/** A setting's value as it is edited: a list one per line, what is nested as JSON. Of a secret nothing. */
export function textOf({ value, takes, secret }: Pick<Setting, "value" | "takes" | "secret">): string {
  if (secret === true) return "";
  if (takes?.kind === "list") return listOf(value).join("\n");
  if (takes?.kind === "json") return JSON.stringify(value, undefined, 2);
  return plain(value);
}

/** What was typed, as the worker takes it. What cannot be one is sent as it is: the worker says what is wrong with it. */
export function valueOf(text: string, takes: SettingTakes): unknown {
  switch (takes.kind) {
    case "list":
      return text
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
    case "json":
      return parsed(text);
    default:
      return text;
  }
}

/** A value in a few words, as for a default. */
export function wordsOf(value: unknown): string {
  if (value === "" || value === undefined || value === null) return "nothing";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(String).join(", ");
  if (typeof value === "object") return Object.keys(value).length === 0 ? "none" : JSON.stringify(value);
  return plain(value);
}

/** What is neither text nor a number nor a switch has no words of its own. */
function plain(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** A single text may stand where a list can. */
function listOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === "string" && value !== "" ? [value] : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
