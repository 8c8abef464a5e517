import { getEventIteratorSchemaDetails, isContractProcedure } from "@orpc/contract";
import { z } from "zod";
import type { AgentClient } from "../client.ts";
import { contract } from "../contract.ts";

interface Sample {
  /** What every text is. */
  text: string;
  /** How many items a list has. */
  count: number;
}

type Schema = z.core.JSONSchema.JSONSchema | boolean;

/** A worker that answers every call with all that its contract allows there; a stream tells each kind of its events once. */
export function createSampleClient(sample: Sample): AgentClient {
  return below(contract, sample) as AgentClient;
}

function below(router: object, sample: Sample): unknown {
  if (isContractProcedure(router)) return answering(router["~orpc"].outputSchema, sample);
  return Object.fromEntries(
    Object.entries(router).map(([name, part]: [string, object]) => [name, below(part, sample)]),
  );
}

function answering(output: Parameters<typeof getEventIteratorSchemaDetails>[0], sample: Sample): unknown {
  const streamed = getEventIteratorSchemaDetails(output);
  if (streamed !== undefined) {
    const schema = schemaOf(streamed.yields);
    return async () => telling(kindsOf(schema).map((kind) => sampleOf(kind, sample)));
  }
  const value = output === undefined ? undefined : sampleOf(schemaOf(output), sample);
  return async () => structuredClone(value);
}

async function* telling(events: readonly unknown[]): AsyncGenerator<unknown, void> {
  for (const event of events) yield event;
}

function schemaOf(schema: object): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(schema as z.ZodType, { io: "output", unrepresentable: "any", reused: "inline" });
}

function kindsOf(schema: z.core.JSONSchema.JSONSchema): Schema[] {
  return schema.anyOf ?? schema.oneOf ?? [schema];
}

function sampleOf(schema: Schema, sample: Sample): unknown {
  if (typeof schema === "boolean") return {};
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [kind = schema] = kindsOf(schema);
  if (kind !== schema) return sampleOf(kind, sample);
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, part]) => [name, sampleOf(part, sample)]),
      );
    case "array": {
      const { items = true } = schema;
      const item = Array.isArray(items) ? (items[0] ?? true) : items;
      return Array.from({ length: sample.count }, () => sampleOf(item, sample));
    }
    case "string":
      return sample.text;
    case "boolean":
      return true;
    case "number":
    case "integer":
      return 12_345_678;
    default:
      return undefined;
  }
}
