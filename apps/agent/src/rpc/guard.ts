import { implement, ORPCError, ValidationError } from "@orpc/server";
import { contract } from "@ws/rpc-contract";
import { toWsError, WsError } from "@ws/workspace-core";
import { authorize, ruleOf, type Rule } from "../access/rules.ts";
import type { RequestContext, Services } from "./context.ts";
import { createReport, type Report } from "./report.ts";
import type { WireError } from "./wire-errors.ts";

/** Where every procedure starts: errors become wire errors, the caller is checked, and changes are audited. */
export function guarded(services: Services) {
  const os = implement(contract).$context<RequestContext>();
  const report = createReport(services);
  return os.use(async ({ context, path, next }, input) => {
    const rule = ruleOf(path);
    if (rule === undefined) throw new ORPCError("NOT_FOUND");
    try {
      authorize(context.caller, rule, input, (wanted) => services.state.workspaces.getByName(wanted)?.id);
      const result = await next();
      record("ok");
      if (!isStream(result.output)) return result;
      return { ...result, output: published(report, result.output, context.caller?.token?.gone) as never };
    } catch (error) {
      const failure = asWsError(error);
      record(failure.code);
      throw toOrpcError(report(failure));
    }

    function record(outcome: string): void {
      if (!changesSomething(rule, path)) return;
      const target = targetOf(input);
      services.state.audit.append({
        who: context.caller?.who ?? context.peer,
        action: path.join("."),
        outcome,
        ...(target === undefined ? {} : { target }),
      });
    }
  });
}

export type Guarded = ReturnType<typeof guarded>;

/** A stream may fail long after its procedure has returned, and ends with a reason where its caller's token does. */
async function* published<T>(report: Report, stream: AsyncIterable<T>, gone?: AbortSignal): AsyncGenerator<T> {
  try {
    yield* stream;
    gone?.throwIfAborted();
  } catch (error) {
    throw toOrpcError(report(asWsError(error)));
  }
}

function isStream(output: unknown): output is AsyncIterable<unknown> {
  return typeof output === "object" && output !== null && Symbol.asyncIterator in output;
}

function toOrpcError({ code, message, data }: WireError): ORPCError<string, unknown> {
  return new ORPCError(code, { message, data });
}

function asWsError(error: unknown): WsError {
  if (!(error instanceof ORPCError)) return toWsError(error);
  if (error.code === "BAD_REQUEST" && error.cause instanceof ValidationError) return unfit(error.cause);
  return toWsError(error.cause ?? error);
}

function unfit({ issues }: ValidationError): WsError {
  const places = issues.map(({ message, path }) => ({
    field: (path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join("."),
    message,
  }));
  const [first] = places;
  const field = first?.field ?? "";
  const message = `${field === "" ? "The input" : `'${field}'`} is not right: ${first?.message ?? "not allowed"}.`;
  const next = "The agent's own page /api says what this call takes.";
  return new WsError("invalid_input", { message, next, data: { field } });
}

function changesSomething(rule: Rule | undefined, path: readonly string[]): boolean {
  if (rule?.needs === "write") return true;
  if (rule?.needs === "open") return true;
  return rule?.needs === "admin" && !["get", "list"].includes(path.at(-1) ?? "");
}

/** What was changed: a workspace's name, a setting's key, a token's name; never a value. */
function targetOf(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const { name, key, token } = input as Record<string, unknown>;
  const found = name ?? key ?? token;
  return typeof found === "string" ? found.slice(0, 200) : undefined;
}
