import { withEventMeta } from "@orpc/server";
import { setImmediate } from "node:timers/promises";
import type { CreateInput, FinalizeInput, StartInput, UpdateInput, WorkspaceInfo } from "@ws/rpc-contract";
import type {
  CreateRequest,
  FinalizeRequest,
  LogSource,
  StartRequest,
  UpdateRequest,
  WorkspaceRecord,
  Workspaces,
} from "@ws/workspace-core";
import { commitMessage } from "../providers/commit-message.ts";
import { contextOf, resolveClone } from "../providers/resolve.ts";
import type { RequestContext, Services } from "./context.ts";
import { watchWorkspaces, type Translated } from "./events.ts";
import { withDevcontainer } from "./devcontainer.ts";
import { exec } from "./exec.ts";
import type { Guarded } from "./guard.ts";
import { meant } from "./meant.ts";
import { openTasks } from "./open-tasks.ts";
import { portForwardProcedures } from "./ports.ts";
import { scriptProcedures } from "./scripts.ts";
import { untilGone } from "./until.ts";
import { toHistory } from "./usage-history.ts";
import { watchUsage, type ToldUsages } from "./usage.ts";
import { withoutAbsent } from "../without-absent.ts";
import { toPullRequest } from "./workspace-info.ts";

/** Seed-compatible and further operations on workspaces: each one call of the core. */
export function workspacesRouter(guard: Guarded, services: Services) {
  const os = guard.workspaces;
  const core = async () => (await services.ready()).workspaces;
  // Reading waits for no engine: right after a boot the records say what is being started.
  const known = async () => (await services.worker()).workspaces;
  const show = async (record: WorkspaceRecord | Promise<WorkspaceRecord>): Promise<WorkspaceInfo> => {
    const worker = await services.worker();
    return worker.show(await record);
  };

  const translated: Translated = new WeakMap();
  const usages: ToldUsages = new WeakMap();

  /** With a reference to clone in its place. */
  const cloned = <T extends Omit<StartInput, "name">>(input: T, { caller }: RequestContext, signal?: AbortSignal) =>
    resolveClone(services.providers, input, contextOf(caller, { cwd: input.cwd, signal, mayCreate: true }));

  const followed = <T extends StartRequest>({ policies }: Workspaces, request: T, { caller }: RequestContext): T =>
    withDevcontainer(request, { config: services.config, policies, layers: caller?.policy });

  return os.router({
    list: os.list.handler(async ({ context: { caller } }) => {
      const worker = await services.worker();
      const all = worker.workspaces.list();
      const told = caller?.scope === "workspace" ? all.filter(({ id }) => id === caller.workspace) : all;
      return told.map(worker.show);
    }),
    get: os.get.handler(async ({ input }) => show((await known()).get(input.name))),
    create: os.create.handler(async ({ input, context, signal }) => {
      const workspaces = await core();
      const asked = withDefaults(services.config, toRequest(await cloned(input, context, signal)));
      const request = followed(workspaces, asked, context);
      workspaces.policies.demandVariables(request, context.caller?.policy);
      return show(input.wait === false ? workspaces.begin(request) : workspaces.create(request));
    }),
    delete: os.delete.handler(async ({ input }) => {
      const workspaces = await core();
      await workspaces.delete(meant(workspaces, input), { force: input.force === true });
      return { success: true };
    }),
    finalize: os.finalize.handler(async ({ input: { name, ...given }, context }) => {
      const workspaces = await core();
      const { repository } = workspaces.get(name);
      const asked = { ...given };
      if (given.commitMessage !== undefined) {
        asked.commitMessage = await commitMessage(services.providers, repository?.url, given.commitMessage);
      }
      const { record, pullRequest, ...done } = await workspaces.finalize(name, toFinalizeRequest(asked), {
        layers: context.caller?.policy ?? [],
      });
      return {
        workspace: await show(record),
        ...(pullRequest === undefined ? {} : { pullRequest: toPullRequest(pullRequest) }),
        ...done,
      };
    }),
    pullRequest: os.pullRequest.handler(async ({ input, context, signal }) => {
      const found = await (await core()).pullRequest(input.name, untilGone(services, context, signal));
      if (found === undefined) return {};
      return { pullRequest: toPullRequest(found.pullRequest), checks: found.checks };
    }),
    cleanup: os.cleanup.handler(async ({ input: { force = false, dryRun, ...of }, signal }) => {
      const workspaces = await core();
      const name = meant(workspaces, of);
      return dryRun === true ? workspaces.foresee(name, signal) : workspaces.cleanup(name, { force });
    }),
    reap: os.reap.handler(async ({ input = {}, signal }) => (await core()).reap(withoutAbsent({ ...input, signal }))),
    fetch: os.fetch.handler(async ({ input: { name, branches }, signal }) => {
      await (await core()).fetch(name, withoutAbsent({ branches, signal }));
      return { success: true };
    }),
    start: os.start.handler(async ({ input: { name, id, ...asked }, context, signal }) => {
      const workspaces = await core();
      const given = toStartRequest(await cloned(asked, context, signal));
      const request = given.devcontainer === undefined ? given : followed(workspaces, given, context);
      workspaces.policies.demandVariables({ name, ...request }, context.caller?.policy);
      return show(workspaces.start(meant(workspaces, { name, id }), request));
    }),
    stop: os.stop.handler(async ({ input }) => {
      const workspaces = await core();
      return show(workspaces.stop(meant(workspaces, input)));
    }),
    restart: os.restart.handler(async ({ input }) => {
      const workspaces = await core();
      return show(workspaces.restart(meant(workspaces, input)));
    }),
    rename: os.rename.handler(async ({ input }) => {
      const workspaces = await core();
      return show(workspaces.rename(meant(workspaces, input), input.newName));
    }),
    update: os.update.handler(async ({ input: { name, ...asked }, context }) => {
      const workspaces = await core();
      const given = Object.entries(asked.env ?? {}).filter((entry): entry is [string, string] => entry[1] !== null);
      workspaces.policies.demandVariables({ name, env: Object.fromEntries(given) }, context.caller?.policy);
      const { record, forNewPrograms } = await workspaces.update(name, toUpdateRequest(asked));
      return { workspace: await show(record), forNewPrograms: [...forNewPrograms] };
    }),
    touch: os.touch.handler(async ({ input }) => show((await core()).touch(input.name))),
    ...scriptProcedures(guard, services),
    logs: os.logs.handler(async ({ input, signal }) => {
      const { name, tail = 100 } = input;
      const workspaces = await known();
      const { id } = workspaces.get(name);
      const lines = await Array.fromAsync(workspaces.logs(name, { tail, ...(signal === undefined ? {} : { signal }) }));
      return services.redactor.clean(lines.join(""), id);
    }),
    followLogs: os.followLogs.handler(async ({ input, context, signal, lastEventId: after }) => {
      const { name, tail = 100 } = input;
      const options = { tail, after, signal: untilGone(services, context, signal) };
      const workspaces = await known();
      // A stream that fails after its first byte cannot say so with a status.
      const { id } = workspaces.get(name);
      return asTexts(workspaces.followLog(name, options), (text) => services.redactor.clean(text, id));
    }),
    exec: os.exec.handler(async ({ input, context, signal }) => {
      const workspaces = await core();
      workspaces.policies.demandExecute(input.name, input, context.caller?.policy);
      return exec(workspaces, input, services.clock, untilGone(services, context, signal));
    }),
    ...portForwardProcedures(guard, services),
    usage: os.usage.handler(async ({ input, context, signal }) => {
      const workspaces = await known();
      // With a token for one workspace, that one, whatever it is called by now.
      const only = context.caller?.workspace ?? (input?.name === undefined ? undefined : workspaces.get(input.name).id);
      return watchUsage(workspaces.usage(untilGone(services, context, signal), only), usages);
    }),
    usageHistory: os.usageHistory.handler(async ({ input: { name, span } }) =>
      toHistory((await known()).get(name), services.usageHistory, span),
    ),
    events: os.events.handler(async ({ input, context, signal }) => {
      const worker = await services.worker();
      const gone = untilGone(services, context, signal);
      const { name } = input ?? {};
      const mine = context.caller?.workspace;
      const named = worker.workspaces.list().find((record) => record.name === name)?.id;
      // Whoever waits for what is yet to be created waits for no pull request.
      if (name === undefined || named !== undefined) services.pullRequests.attend(gone, mine ?? named);
      return watchWorkspaces(worker, {
        name,
        mine,
        tasks: input?.tasks === true ? () => openTasks(services) : undefined,
        translated,
        signal: gone,
      });
    }),
  });
}

/**
 * What is there already, of one source, goes together: with a message for each line, a workspace would print faster than it is told. Each with the id
 * from which a client that lost its connection goes on.
 */
async function* asTexts(
  log: AsyncIterable<Line>,
  clean: (text: string) => string,
): AsyncGenerator<Omit<Line, "place">> {
  const lines = log[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<Line, unknown>> => {
    const asked = lines.next();
    // It may fail while what came before it is still being sent.
    asked.catch(() => undefined);
    return asked;
  };
  try {
    for (let next = ask(); ;) {
      const first = await next;
      if (first.done === true) return;
      let { text, place } = first.value;
      const { source } = first.value;
      next = ask();
      const turn = setImmediate(undefined);
      while (text.length < TOGETHER) {
        const more = await Promise.race([next.catch(() => undefined), turn]);
        if (more === undefined || more.done === true || more.value.source !== source) break;
        text += more.value.text;
        ({ place } = more.value);
        next = ask();
      }
      yield withEventMeta({ text: clean(text), source }, { id: place });
    }
  } finally {
    // Not waited for: it is answered once the line comes that was asked for last.
    lines.return?.()?.catch(() => undefined);
  }
}

interface Line {
  text: string;
  source: LogSource;
  place: string;
}

const TOGETHER = 32 * 1024;

/** A workspace that is part of a larger job ends by itself, where its job does not say otherwise. */
function withDefaults({ get }: Services["config"], request: CreateRequest): CreateRequest {
  if (request.execution === undefined) return request;
  return { ttlMs: get("workspaceTtlSeconds") * 1_000, autoCleanup: get("autoCleanup"), ...request };
}

function toRequest(input: CreateInput): CreateRequest {
  const { name, idempotencyKey, wait: _wait, ...asked } = input;
  return { name, ...toStartRequest(asked), ...(idempotencyKey === undefined ? {} : { key: idempotencyKey }) };
}

function toUpdateRequest({ ttlSeconds, idleSeconds, limits, ...rest }: Omit<UpdateInput, "name">): UpdateRequest {
  return {
    ...withoutAbsent(rest),
    ...(limits === undefined ? {} : { limits: withoutAbsent(limits) }),
    ...(idleSeconds === undefined ? {} : { idleMs: inMs(idleSeconds) }),
    ...(ttlSeconds === undefined ? {} : { ttlMs: inMs(ttlSeconds) }),
  };
}

function inMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1_000;
}

function toFinalizeRequest({ pullRequest, ...asked }: Omit<FinalizeInput, "name">): FinalizeRequest {
  return {
    ...withoutAbsent(asked),
    ...(pullRequest === undefined ? {} : { pullRequest: withoutAbsent(pullRequest) }),
  };
}

function toStartRequest({
  ttlSeconds,
  idleSeconds,
  limits,
  execution,
  checkout,
  docker,
  cwd: _cwd,
  ...rest
}: Omit<StartInput, "name">): StartRequest {
  return {
    ...withoutAbsent(rest),
    ...(limits === undefined ? {} : { limits: withoutAbsent(limits) }),
    ...(docker === true ? { docker } : {}),
    ...(execution === undefined ? {} : { execution: withoutAbsent(execution) }),
    ...(checkout === undefined ? {} : { checkout: withoutAbsent(checkout) }),
    ...(idleSeconds === undefined ? {} : { idleMs: idleSeconds * 1_000 }),
    ...(ttlSeconds === undefined ? {} : { ttlMs: ttlSeconds * 1_000 }),
  };
}
