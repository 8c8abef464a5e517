import { readFile } from "node:fs/promises";
import { url } from "@ws/github-description";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { createMatcher } from "./route-match.ts";

export interface Exchange {
  method: string;
  /** Below the API's root, as it was sent. */
  path: string;
  query: URLSearchParams;
  /** Parsed; undefined where there was none. */
  asked: unknown;
  status: number;
  answered: unknown;
}

/** Says in which ways an exchange is not what GitHub describes; nothing where it is. */
export type Describe = (exchange: Exchange) => string[];

interface Described {
  $ref?: string;
  schema?: object;
  content?: Record<string, { schema?: object }>;
  [name: string]: unknown;
}
interface Operation {
  parameters?: Described[];
  requestBody?: Described;
  responses: Record<string, Described>;
}

// Any operation may be refused like this, and the description names these only here and there.
const GENERAL = new Set([301, 401, 403, 404, 429, 500, 502, 503]);

let loaded: Promise<Describe> | undefined;

/** GitHub's own OpenAPI description as a check. Its 13 MB are read once in a process, and an operation is compiled when it is met. */
export function loadDescription(): Promise<Describe> {
  return (loaded ??= read().then(describer));
}

async function read(): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(new URL(url), "utf8")) as Record<string, unknown>;
}

function describer(document: Record<string, unknown>): Describe {
  const { components, paths } = asJsonSchema(document) as {
    components: Record<string, Record<string, Described>>;
    paths: Record<string, Record<string, Operation>>;
  };
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "gh", components });
  const operations: Record<string, Operation> = {};
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods))
      operations[`${method.toUpperCase()} ${path}`] = operation;
  }
  const match = createMatcher(operations);
  const compiled = new Map<object, ValidateFunction>();
  const resolved = (described: Described): Described => {
    const [, kind, name] = /#\/components\/([^/]+)\/(.+)$/.exec(described.$ref ?? "") ?? [];
    return kind === undefined || name === undefined ? described : (components[kind]?.[name] ?? described);
  };

  function violations(what: string, schema: object | undefined, value: unknown): string[] {
    if (schema === undefined) return [];
    let validate = compiled.get(schema);
    if (validate === undefined) compiled.set(schema, (validate = ajv.compile(schema)));
    if (validate(value)) return [];
    return (validate.errors ?? []).slice(0, 8).map(({ instancePath, message }) => `${what}${instancePath} ${message}`);
  }

  function askedOf(operation: Operation, { query, asked }: Exchange): string[] {
    const parameters = (operation.parameters ?? []).map(resolved).filter((parameter) => parameter["in"] === "query");
    const found = [...query].flatMap(([name, text]) => {
      const parameter = parameters.find((candidate) => candidate["name"] === name);
      if (parameter?.schema === undefined) return [`query ${name} is not described`];
      return violations(`query ${name}`, parameter.schema, typed(text, parameter.schema));
    });
    if (operation.requestBody === undefined) return asked === undefined ? found : [...found, "no body is described"];
    const schema = resolved(operation.requestBody).content?.["application/json"]?.schema;
    if (asked === undefined) return found;
    return [...found, ...violations("request", schema, asked)];
  }

  function answeredOf(operation: Operation, { status, answered }: Exchange): string[] {
    const described = operation.responses[String(status)];
    if (described === undefined) {
      if (!GENERAL.has(status)) return [`status ${status} is not described`];
      return violations("answer", { $ref: "gh#/components/schemas/basic-error" }, answered);
    }
    const content = resolved(described).content;
    if (content === undefined) return [];
    return violations("answer", content["application/json"]?.schema, answered);
  }

  return (exchange) => {
    const found = match(exchange.method, exchange.path);
    if (found === undefined) return [`${exchange.method} ${exchange.path}: is not described`];
    const all = [...askedOf(found.value, exchange), ...answeredOf(found.value, exchange)];
    return all.map((violation) => `${exchange.method} ${exchange.path} (${exchange.status}): ${violation}`);
  };
}

/** OpenAPI 3.0 as the JSON Schema that ajv knows: what may be null says so in its type, and references find their document. */
function asJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asJsonSchema);
  if (value === null || typeof value !== "object") return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, asJsonSchema(inner)]),
  );
  if (typeof rest["$ref"] === "string") rest["$ref"] = rest["$ref"].replace(/^#\/components\//, "gh#/components/");
  if (nullable !== true) return nullable === undefined ? rest : { nullable, ...rest };
  const { type, enum: choices, ...others } = rest as { type?: unknown; enum?: unknown[] };
  if (typeof type !== "string") return { anyOf: [rest, { type: "null" }] };
  return { ...others, type: [type, "null"], ...(choices === undefined ? {} : { enum: [...choices, null] }) };
}

/** What a query's text is for its schema. */
function typed(text: string, schema: object): unknown {
  const { type } = schema as { type?: string };
  if (type === "integer" || type === "number") return Number(text);
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}
