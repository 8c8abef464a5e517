import { z } from "zod";

/** What a setting takes, in words: `number`, `text or list of text`, its choices. */
export function typeOf(schema: z.ZodType): string {
  return describe(z.toJSONSchema(schema) as Schema);
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
}

function describe({ type, enum: choices, const: only, anyOf, items }: Schema): string {
  if (anyOf !== undefined) return [...new Set(anyOf.map(describe))].filter((text) => text !== "").join(" or ");
  if (only !== undefined) return "";
  if (choices !== undefined) return choices.map((choice) => code(String(choice))).join(", ");
  if (type === "array") return `list of ${describe(items ?? {})}`;
  return { string: "text", boolean: "`true`, `false`", integer: "number", number: "number" }[type ?? ""] ?? "value";
}
