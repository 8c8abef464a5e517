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
  const { workspaceField, aliases } = tool;
  const named = withoutAliases(given, aliases);
  if (workspaceField !== undefined) named[workspaceField] ??= reach.workspace;
  const result = tool.fields.safeParse(named);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = (issue?.path ?? []).map(String).join(".");
  const reason = `${field === "" ? "The arguments" : `'${field}'`}: ${issue?.message ?? "not accepted"}`;
  const next = `Call ${tool.name} with what its input schema says: ${Object.keys(tool.fields.shape).join(", ")}.`;
  throw unfit(field, reason, next);
}

function unfit(field: string, reason: string, next: string): ToolError {
  const message = `${reason.slice(0, MESSAGE_LIMIT)}.`;
  return new ToolError({ code: "invalid_input", message, next, details: { field: field.slice(0, MESSAGE_LIMIT) } });
}

/** A message may quote what was given, which can be of any length. */
const MESSAGE_LIMIT = 300;

function withoutAliases(given: Record<string, unknown>, aliases: Tool["aliases"] = {}): Record<string, unknown> {
  const named = new Map<string, unknown>();
  for (const [key, value] of Object.entries(given)) {
    const field = aliasOf(aliases, key);
    if (named.has(field) && named.get(field) !== value) {
      throw unfit(field, `'${field}' is given twice, once as '${key}', and says two things`, "Leave one of them out.");
    }
    named.set(field, value);
  }
  return Object.fromEntries(named);
}

function aliasOf(aliases: Readonly<Record<string, string>>, key: string): string {
  return Object.hasOwn(aliases, key) ? (aliases[key] ?? key) : key;
}

/** What clients are told of the input, as JSON Schema. */
export function inputSchema(fields: z.ZodObject): { type: "object" } & Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(fields, { io: "input" });
  return { ...schema, type: "object" };
}
