import { implement, type ImplementerInternalWithMiddlewares, ORPCError, ValidationError } from "@orpc/server";
import { contract, type Contract } from "@ws/rpc-contract";
import { toWsError, WsError } from "@ws/workspace-core";
import { createPlaces } from "../access/find-workspace.ts";
import { authorize } from "../access/authorize.ts";
import { ruleOf } from "../access/rules/index.ts";
import { plainIssue } from "../config/plain-issue.ts";
import { createAuditing, createBeginning } from "./auditing.ts";
import type { RequestContext, Services } from "./context.ts";
import { published } from "./published.ts";
import { createReport } from "./report.ts";
import type { EndOfBegun } from "../store/audit.ts";
import type { WireError } from "./wire-errors.ts";

/** Where every procedure starts: errors become wire errors, the caller is checked, and changes are audited. */
export function guarded(services: Services): Guarded {
  const os = implement(contract).$context<RequestContext>();
  const report = createReport(services);
  const audit = createAuditing(services);
  const begin = createBeginning(services);
  const { named: find, withTask, about } = createPlaces(services.state);
  return os.use(async ({ context, path, next }, input) => {
    const rule = ruleOf(path);
    if (rule === undefined) throw new ORPCError("NOT_FOUND");
    const begunAt = services.clock.monotonic();
    const since = (): number => services.clock.monotonic() - begunAt;
    const call = { context, path, input };
    let begun: EndOfBegun | undefined;
    try {
      authorize(context.caller, rule, input, find, path, withTask);
      begun = begin(call);
      const result = await next();
      audit(call, "ok", { ms: since(), output: result.output, begun });
      if (!isStream(result.output)) return result;
      const { output } = result;
      const stream = published(output, {
        tell: (error) => tell(asWsError(error)),
        gone: context.caller?.token?.gone,
      });
      if (context.streamed !== undefined) context.streamed.stream = stream;
      return { ...result, output: stream };
    } catch (error) {
      const failure = asWsError(error);
      audit(call, failure.code, { ms: since(), begun });
      throw tell(failure);
    }

    function tell(failure: WsError): ORPCError<string, unknown> {
      return toOrpcError(report(failure, about(input)));
    }
  });
}

/** Named, because what would be inferred of so many procedures is too long to be written down. */
export type Guarded = ImplementerInternalWithMiddlewares<Contract, RequestContext, RequestContext>;

function isStream(output: unknown): output is AsyncIterable<object> {
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
  const [first] = issues;
  const field = (first?.path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  const message = `${field === "" ? "The input" : `'${field}'`} ${plainIssue(first)}.`;
  const next = "The agent's own page /api says what this call takes.";
  return new WsError("invalid_input", { message, next, data: { field } });
}
