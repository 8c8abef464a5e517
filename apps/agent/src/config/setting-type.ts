import { z } from "zod";
import type { SettingTakes } from "@ws/rpc-contract";

/** What a setting takes, in words: `number`, `text or list of text`, its choices. */
export function typeOf(schema: z.ZodType): string {
  return describe(z.toJSONSchema(schema) as Schema);
}

/** What a control for it offers. Where it takes several things, the most general of them. */
export function takesOf(schema: z.ZodType): SettingTakes {
  return control(z.toJSONSchema(schema) as Schema);
}

export function code(text: string): string {
  return `\`${text}\``;
}

interface Schema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
}

function control({ type, enum: choices, anyOf, items, minimum, maximum }: Schema): SettingTakes {
  if (anyOf !== undefined) {
    const kinds = anyOf.filter((one) => one.const === undefined).map(control);
    return kinds.find(({ kind }) => kind === "list") ?? kinds.find(({ kind }) => kind === "text") ?? kinds[0] ?? TEXT;
  }
  if (choices !== undefined) return { kind: "choice", choices: choices.map(String) };
  switch (type) {
    case "boolean":
      return { kind: "switch" };
    case "integer":
    case "number":
      return { kind: "number", ...bound("least", minimum), ...bound("most", maximum) };
    case "array":
      return { kind: "list", ...(items?.enum !== undefined && { choices: items.enum.map(String) }) };
    case "string":
      return TEXT;
    default:
      return { kind: "json" };
  }
}

const TEXT: SettingTakes = { kind: "text" };

/** What every whole number has is no bound. */
function bound(name: "least" | "most", value: number | undefined): { [name: string]: number } {
  return value === undefined || Math.abs(value) === Number.MAX_SAFE_INTEGER ? {} : { [name]: value };
}

function describe({ type, enum: choices, const: only, anyOf, items }: Schema): string {
  if (anyOf !== undefined) return [...new Set(anyOf.map(describe))].filter((text) => text !== "").join(" or ");
  if (only !== undefined) return "";
  if (choices !== undefined) return choices.map((choice) => code(String(choice))).join(", ");
  if (type === "array") return `list of ${describe(items ?? {})}`;
  return { string: "text", boolean: "`true`, `false`", integer: "number", number: "number" }[type ?? ""] ?? "value";
}
