import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Log } from "@ws/workspace-core";
import type { RequestContext } from "../rpc/context.ts";
import { readJson } from "./body.ts";
import type { Admission, Gate, Transport, Verdict } from "./gate.ts";
import { setSecurityHeaders } from "./headers.ts";
import type { Procedures } from "./procedures.ts";
import { refuse, REFUSALS, refuseUpgrade } from "./refusal.ts";
import type { Route } from "./routes.ts";
import type { Sockets } from "./sockets.ts";
import type { Serve } from "./static-app.ts";
import { pinOf } from "../tls/pin.ts";
import type { Previews } from "../previews/previews.ts";
import type { Identities } from "../tailnet/identities.ts";
import type { Counts } from "../metrics/counts.ts";
import type { Uplinks } from "../uplink/uplinks.ts";

export interface ServerOptions {
  version: string;
  gate: Gate;
  /** The pages of programs in workspaces, which are no part of the agent's own site. */
  previews: Pick<Previews, "of" | "serve" | "upgrade">;
  /** Who the tailnet says a connection is from. */
  identify: Identities["identify"];
  staticApp: Serve;
  /** Resolves once the procedures are loaded. */
  procedures: () => Promise<Procedures>;
  sockets: () => Promise<Sockets>;
  /** The links of workers, and the way to them. */
  uplinks: () => Promise<Uplinks>;
  counts: Pick<Counts, "answered">;
  log: Log;
}

/** One HTTP server of the agent; TCP and the local socket each have their own, behind the same gate. */
export function createHttpServer(options: ServerOptions, transport: Transport): Server {
  const { gate, identify, previews, log } = options;
  /** Most is judged at once; only who relies on the tailnet waits for what that says. */
  const judge = (request: IncomingMessage, judged: (verdict: Verdict) => void): void => {
    const verdict = gate(request, transport);
    if (!("reliesOnTailnet" in verdict)) return judged(verdict);
    const known = identify(request.socket).catch((error: unknown) => {
      // It is nobody whom the tailnet knows then.
      log.error("the tailnet could not be asked who somebody is", { error });
      return undefined;
    });
    void known.then((caller) => judged(caller === undefined ? verdict : gate(request, transport, caller)));
  };
  // Other upgrades (a client that offers HTTP/2) are answered as plain HTTP/1.1.
  const shouldUpgradeCallback = ({ headers }: IncomingMessage): boolean =>
    headers.upgrade?.toLowerCase() === "websocket";
  const server = createServer({ shouldUpgradeCallback }, (request, response) => {
    if (previews.of(request) !== undefined) {
      previews.serve(request, response, transport).catch((error: unknown) => {
        log.error("a request of a preview could not be answered", { error });
        response.destroy();
      });
      return;
    }
    setSecurityHeaders(response);
    response.once("finish", () => options.counts.answered(response.statusCode));
    judge(request, (admission) => {
      if ("refusal" in admission) return refuse(request, response, admission.refusal);
      answer(options, request, response, admission).catch((error: unknown) => {
        log.error("a request could not be answered", { path: admission.url.pathname, error });
        if (response.headersSent) response.destroy();
        else refuse(request, response, REFUSALS.booting());
      });
    });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", (error) => log.debug("a connection failed while it became a WebSocket", { error }));
    if (previews.of(request) !== undefined) {
      previews.upgrade(request, socket, head, transport).catch((error: unknown) => {
        log.error("a WebSocket of a preview could not be led on", { error });
        socket.destroy();
      });
      return;
    }
    judge(request, (admission) => {
      if ("refusal" in admission) return refuseUpgrade(socket, request.url ?? "/", admission.refusal);
      const { kind } = admission.route;
      const taking = kind === "uplink" || kind === "on" ? options.uplinks() : options.sockets();
      taking.then(
        (taker) => taker.upgrade(request, socket, head, admission),
        () => refuseUpgrade(socket, request.url ?? "/", REFUSALS.booting()),
      );
    });
  });
  return server;
}

async function answer(
  options: ServerOptions,
  request: IncomingMessage & { body?: unknown },
  response: ServerResponse,
  { route, url, peer, caller }: Admission,
): Promise<void> {
  const { host } = request.headers;
  const context: RequestContext = {
    peer,
    pin: pinOf(request.socket),
    ...(host === undefined || peer === "local" ? {} : { host }),
    ...(caller === undefined ? {} : { caller }),
  };
  switch (route.kind) {
    case "health":
      response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(JSON.stringify({ status: "ok", version: options.version }));
      return;
    case "static":
      return options.staticApp(request, response);
    case "on": {
      if (caller === undefined) return refuse(request, response, REFUSALS.unauthorized("missing"));
      return (await options.uplinks()).forward(request, response, { route, url, peer, caller });
    }
    case "socket":
    case "uplink":
      return refuse(request, response, {
        status: 426,
        wire: "UPGRADE_REQUIRED",
        code: "not_a_websocket",
        message: "This address is used as a WebSocket.",
        headers: { upgrade: "websocket" },
      });
    case "page":
      return (await options.procedures()).page(response);
    case "metrics":
      return (await options.procedures()).metrics(request, response, context);
    case "mcp": {
      const body = request.method === "POST" ? await readJson(request, TOOL_CALL_LIMIT) : { value: undefined };
      if ("refusal" in body) return refuse(request, response, body.refusal);
      response.setHeader("cache-control", "no-store");
      return (await options.procedures()).mcp(request, response, context, body.value);
    }
    case "files": {
      const { workspace, path } = route;
      const target = { workspace, query: url.searchParams, ...(path === undefined ? {} : { path }) };
      return (await options.procedures()).files(request, response, context, target);
    }
    case "taskLog": {
      const target = { task: route.task, query: url.searchParams };
      return (await options.procedures()).taskLog(request, response, context, target);
    }
    case "aiAction": {
      const body = await readJson(request);
      if ("refusal" in body) return refuse(request, response, body.refusal);
      const target = { workspace: route.workspace, body: body.value };
      return (await options.procedures()).aiAction(request, response, context, target);
    }
    case "rpc":
    case "api": {
      const body =
        request.method === "GET" || request.method === "HEAD"
          ? { value: undefined }
          : await readJson(request, takesFiles(route, url) ? TOOL_CALL_LIMIT : undefined);
      if ("refusal" in body) return refuse(request, response, body.refusal);
      // Read here and not by the handlers, which would also take forms and files.
      if (request.method !== "GET") request.body = body.value ?? {};
      response.setHeader("cache-control", "no-store");
      const procedures = await options.procedures();
      return procedures[route.kind](request, response, context);
    }
  }
}

function takesFiles(route: Route, { pathname }: URL): boolean {
  if (route.kind === "rpc") return route.procedure[0] === "files";
  return /^\/api\/workspaces\/[^/]+\/files\//.test(pathname);
}

/** A file of 1 MiB, of which JSON may make six times as much. */
const TOOL_CALL_LIMIT = 8 * 1024 * 1024;
