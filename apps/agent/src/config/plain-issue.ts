/** What a schema's finding tells; zod's own and the standard schema's both have this shape. */
export interface Issue {
  readonly message: string;
  readonly code?: string | undefined;
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly inclusive?: boolean;
  readonly expected?: string;
  readonly values?: readonly unknown[];
  readonly keys?: readonly string[];
  /** Of a key that does not fit. */
  readonly issues?: readonly Issue[];
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** How zod's own messages begin; those that a schema of ours gives are plain already. */
const RAW = /^(?:Too |Invalid |Unrecognized )/;

/** What is wrong with a value, to be read after its name: `is empty`, `must be a number`. */
export function plainIssue(issue: Issue | undefined): string {
  if (issue === undefined) return "is not allowed here";
  const { code, message, keys = [], values = [] } = issue;
  if (code === "invalid_key" && issue.issues?.[0] !== undefined) return plainIssue(issue.issues[0]);
  if (!RAW.test(message)) return /^(?:is|has|must) /.test(message) ? message : `is not right: ${message}`;
  switch (code) {
    case "too_small":
      return tooSmall(issue);
    case "too_big":
      return tooBig(issue);
    case "invalid_type":
      if (message.endsWith("received undefined")) return "is missing";
      return `must be ${TYPES[issue.expected ?? ""] ?? `of the type ${issue.expected}`}`;
    case "invalid_value":
      return `must be ${values.length === 1 ? "" : "one of "}${values.map(String).join(", ")}`;
    case "unrecognized_keys":
      return `has what nothing reads: ${keys.map((key) => `'${key}'`).join(", ")}`;
    case "invalid_format":
      return "is not in the right form";
    default:
      return "is not allowed here";
  }
}

function tooSmall({ origin, minimum = 0, inclusive = true }: Issue): string {
  if (origin === "string") return minimum === 1 ? "is empty" : `is too short (at least ${minimum} characters)`;
  if (origin === "array") return minimum === 1 ? "is empty" : `has too few entries (at least ${minimum})`;
  return `is too small (${inclusive ? "at least" : "more than"} ${minimum})`;
}

function tooBig({ origin, maximum = 0, inclusive = true }: Issue): string {
  if (origin === "string") return `is too long (at most ${maximum} characters)`;
  if (origin === "array") return `has too many entries (at most ${maximum})`;
  // Where only exactness ends, the number says nothing to anybody.
  if (maximum >= Number.MAX_SAFE_INTEGER) return "is too large";
  return `is too large (${inclusive ? "at most" : "less than"} ${maximum})`;
}
