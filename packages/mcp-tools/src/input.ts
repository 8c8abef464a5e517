import { z } from "zod";
import { ToolError } from "./failure.ts";
import type { Reach, Tool } from "./tool.ts";

/** The fields of a tool as this caller has to fill them in. */
export function fieldsFor({ fields, workspaceField }: Tool, { workspace }: Reach): z.ZodObject {
  if (workspaceField === undefined || workspace === undefined) return fields;
  const named = fields.shape[workspaceField] as z.ZodType;
  return fields.extend({ [workspaceField]: named.optional() });
}

/** The input with the names that the tool uses. Throws a `ToolError` with `invalid_input` and what is wrong. */
export function parseInput(tool: Tool, given: Record<string, unknown>, reach: Reach): unknown {
  const { workspaceField, aliases = {} } = tool;
  const named: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) named[aliasOf(aliases, key)] = value;
  if (workspaceField !== undefined) named[workspaceField] ??= reach.workspace;
  const result = tool.fields.safeParse(named);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = (issue?.path ?? []).map(String).join(".");
  const reason = `${field === "" ? "The arguments" : `'${field}'`}: ${issue?.message ?? "not accepted"}`;
  throw new ToolError({
    code: "invalid_input",
    message: `${reason.slice(0, MESSAGE_LIMIT)}.`,
    next: `Call ${tool.name} with what its input schema says: ${Object.keys(tool.fields.shape).join(", ")}.`,
    details: { field: field.slice(0, MESSAGE_LIMIT) },
  });
}

/** A message may quote what was given, which can be of any length. */
const MESSAGE_LIMIT = 300;

function aliasOf(aliases: Readonly<Record<string, string>>, key: string): string {
  return Object.hasOwn(aliases, key) ? (aliases[key] ?? key) : key;
}

/** What clients are told of the input, as JSON Schema. */
export function inputSchema(fields: z.ZodObject): { type: "object" } & Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(fields, { io: "input" });
  return { ...schema, type: "object" };
}
