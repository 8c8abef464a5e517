import {
  excerpt,
  parseCommands,
  parseHandler,
  WsError,
  type Handler,
  type PolicyRules,
  type WorkspaceId,
} from "@ws/workspace-core";
import type { Handler as WireHandler, TokenInfo } from "@ws/rpc-contract";
import { SIGNED_IN_IDLE_MS } from "../access/browser-life.ts";
import { LOCAL_ADMIN } from "../access/caller.ts";
import { freeDeviceName } from "../access/device-names.ts";
import type { Token, TokenScope } from "../store/tokens.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { withoutAbsent } from "../without-absent.ts";

export function authRouter(guard: Guarded, services: Services) {
  const os = guard.auth;
  const { state, redactor, clock, throttle } = services;
  return os.router({
    whoami: os.whoami.handler(({ context: { caller = LOCAL_ADMIN } }) => {
      const { who, scope, workspace, handler } = caller;
      // Such a token gets no further than its link, or its page.
      if (scope === "uplink" || scope === "metrics")
        throw new WsError("unauthorized", { message: "A token for calls is needed.", data: {} });
      if (workspace === undefined) {
        const { repo = "" } = handler?.settings ?? {};
        return { who, scope, ...(handler === undefined ? {} : { workspace: repo, handler: toWire(handler, repo) }) };
      }
      const name = state.workspaces.get(workspace)?.name ?? "";
      return { who, scope, workspace: name, ...(handler === undefined ? {} : { handler: toWire(handler, name) }) };
    }),
    link: os.link.handler(({ context }) => oneTimeLink(services, context.caller?.token?.id)),
    exchange: os.exchange.handler(({ input, context }) => {
      const wait = throttle.wait(context.peer);
      if (wait > 0) {
        throw new WsError("too_many_requests", {
          message: `Too many wrong codes came from this address. Wait ${wait} s.`,
          data: { retryAfterSeconds: wait },
        });
      }
      const created = state.codes.redeem(input.code, (by) =>
        state.tokens.create({
          name: freeDeviceName(state, "browser"),
          scope: "admin",
          device: { kind: "browser", platform: input.platform ?? "", ...(by === undefined ? {} : { by }) },
          idleMs: SIGNED_IN_IDLE_MS,
        }),
      );
      if (created === undefined) {
        throttle.fail(context.peer);
        throw new WsError("unauthorized", {
          message: "This link was used already or is older than five minutes.",
          next: "Make a new one on the worker: ws open.",
          data: {},
        });
      }
      const { token, id } = created;
      redactor.add(token);
      return { token, id, expires: new Date(clock.now() + SIGNED_IN_IDLE_MS).toISOString() };
    }),
  });
}

/** The code stands in the fragment, which browsers send to nobody. `maker` is the id of whose token asks for it. */
export function oneTimeLink(
  { state, redactor, dashboard }: Pick<Services, "state" | "redactor" | "dashboard">,
  maker?: string,
): { url: string; expires: string } {
  const { code, expiresAt } = state.codes.create(maker);
  redactor.add(code);
  return { url: `${dashboard()}/#code=${code}`, expires: new Date(expiresAt).toISOString() };
}

export function tokensRouter(guard: Guarded, services: Services) {
  const os = guard.tokens;
  const { codes, tokens, workspaces } = services.state;

  function describe(token: Token): TokenInfo {
    const { id, name, createdAt, lastUsedAt, lastUsedFrom, expiresAt } = token;
    const workspace = token.workspace === undefined ? token.handler?.settings.repo : undefined;
    const repo = workspace ?? nameOf(token.workspace);
    return {
      id,
      name,
      scope: token.scope === "workspace" ? `workspace:${repo}` : token.scope,
      created: instant(createdAt),
      ...(token.handler === undefined ? {} : { handler: toWire(token.handler, repo) }),
      ...(token.rules?.commands === undefined ? {} : { commands: [...token.rules.commands] }),
      ...(lastUsedAt === undefined ? {} : { lastUsed: instant(lastUsedAt) }),
      ...(lastUsedFrom === undefined ? {} : { lastFrom: lastUsedFrom }),
      ...(expiresAt === undefined ? {} : { expires: instant(expiresAt) }),
    };
  }

  /** The workspace may have been renamed or deleted since. */
  function nameOf(id: WorkspaceId | undefined): string {
    return (id === undefined ? undefined : workspaces.get(id)?.name) ?? "deleted";
  }

  return os.router({
    create: os.create.handler(async ({ input: { name, handler: given, ttlSeconds, ...asked } }) => {
      const handler = given === undefined ? undefined : toHandler(given, asked.scope);
      const scope = handler === undefined ? (asked.scope ?? "write") : `workspace:${handler.settings.repo}`;
      const [kind, workspace] = scope.split(":") as [TokenScope, string | undefined];
      const created = tokens.create({
        name,
        scope: kind,
        ...(handler === undefined ? {} : { handler }),
        ...(asked.commands === undefined ? {} : { rules: toRules(asked.commands, kind, handler) }),
        ...(workspace === undefined ? {} : { workspace: (await services.ready()).workspaces.get(workspace).id }),
        ...(ttlSeconds === undefined ? {} : { ttlMs: ttlSeconds * 1_000 }),
      });
      services.redactor.add(created.token);
      return { ...describe(created), token: created.token };
    }),
    // Devices stand by themselves.
    list: os.list.handler(() =>
      tokens
        .list()
        .filter(({ device }) => device === undefined)
        .map(describe),
    ),
    revoke: os.revoke.handler(({ input, context }) => {
      const gone = tokens.revoke(input.token, context.caller?.token?.id);
      for (const id of gone) codes.endOf(id);
      if (gone.length === 0) {
        const token = excerpt(input.token);
        throw new WsError("token_not_found", {
          message: `There is no token '${token}'.`,
          next: "See them: ws token list.",
          data: { token },
        });
      }
      for (const id of gone) services.sessions.revoke(id);
      services.sshPorts.keysChanged();
      return { success: true };
    }),
  });
}

function toHandler({ kind, settings }: WireHandler, scope: string | undefined): Handler {
  if (scope !== undefined) {
    throw new WsError("invalid_input", {
      message: "A token of a pipeline has no scope beside what it is limited to.",
      next: "Leave 'scope' or 'handler' out.",
      data: { field: "scope" },
    });
  }
  if (kind === "terminal" && settings.worker !== undefined) {
    throw new WsError("invalid_input", {
      message: "A token to watch a terminal of another worker is made by that worker.",
      next: "Share the terminal: ws --on WORKER terminal share NAME.",
      data: { field: "handler.settings.worker" },
    });
  }
  return parseHandler({ kind, settings: withoutAbsent(settings) } as Handler);
}

/** An administrator can make itself a token that may run everything, and a pipeline's runs nothing. */
function toRules(commands: readonly string[], scope: TokenScope, handler: Handler | undefined): PolicyRules {
  const rules = { commands: parseCommands(commands) };
  if (scope !== "admin" && handler === undefined) return rules;
  const [what, field] =
    handler === undefined ? ["An administrator's token", "scope"] : ["A token of a pipeline", "handler"];
  throw new WsError("invalid_input", {
    message: `${what} is not limited to commands.`,
    next: "Give it another scope, such as write or workspace:NAME, or leave 'commands' out.",
    data: { field },
  });
}

/** The workspace may have another name by now. */
function toWire({ kind, settings }: Handler, repo: string): WireHandler {
  return structuredClone({ kind, settings: { ...settings, repo } }) as WireHandler;
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
