import { ruleOf } from "../access/rules/index.ts";

/** What a path leads to, and so which checks it passes. */
export type Route =
  | { kind: "health" }
  | { kind: "rpc"; procedure: readonly string[] }
  | { kind: "api"; open: boolean }
  | { kind: "mcp" }
  | { kind: "metrics" }
  | { kind: "files"; workspace: string; path?: string }
  | { kind: "taskLog"; task: string }
  /** `workspace` is its id or its name. */
  | { kind: "aiAction"; workspace: string }
  | { kind: "page" }
  | SocketRoute
  | { kind: "uplink" }
  /** Something of a worker that this agent is the hub of; `path` is the address there. */
  | { kind: "on"; worker: string; path: string }
  | { kind: "static" };

/** A WebSocket that ends here. */
export type SocketRoute =
  | { kind: "socket"; stream: "terminal" | "exec" | "ssh"; workspace: string }
  | { kind: "socket"; stream: "connect"; workspace: string; port: number };

/** What is asked for before there is a token. */
const OPEN_API: ReadonlySet<string> = new Set(["/api/auth/exchange", "/api/pairing/begin", "/api/pairing/finish"]);

/** The path must be normalized already, as `URL.pathname` is. */
export function routeOf(pathname: string): Route {
  if (pathname === "/health") return { kind: "health" };
  if (pathname === "/metrics") return { kind: "metrics" };
  if (pathname === "/uplink") return { kind: "uplink" };
  const on = /^\/on\/([^/]+)(\/.*)?$/.exec(pathname);
  if (on !== null) return { kind: "on", worker: decode(on[1] ?? "") ?? "", path: on[2] ?? "/" };
  const socket = socketOf(pathname);
  if (socket !== undefined) return socket;
  const file = /^\/files(?:\/([^/]*)(?:\/(.*))?)?$/.exec(pathname);
  if (file !== null) {
    const workspace = decode(file[1] ?? "") ?? "";
    const path = decode(file[2] ?? "");
    return { kind: "files", workspace, ...(path === undefined ? {} : { path }) };
  }
  const log = /^\/tasks\/(task-[a-z0-9]{12})\/log$/.exec(pathname);
  if (log?.[1] !== undefined) return { kind: "taskLog", task: log[1] };
  const action = /^\/api\/workspaces\/([^/]+)\/ai-action$/.exec(pathname);
  if (action !== null) return { kind: "aiAction", workspace: decode(action[1] ?? "") ?? "" };
  if (pathname === "/rpc" || pathname.startsWith("/rpc/")) {
    const procedure = pathname
      .split("/")
      .slice(2)
      .map((part) => decode(part) ?? "");
    return { kind: "rpc", procedure };
  }
  if (pathname === "/mcp" || pathname === "/mcp/") return { kind: "mcp" };
  if (pathname === "/api" || pathname === "/api/") return { kind: "page" };
  if (pathname.startsWith("/api/")) return { kind: "api", open: OPEN_API.has(pathname) };
  return { kind: "static" };
}

function socketOf(pathname: string): SocketRoute | undefined {
  const [, alias, stream, name = "", port] =
    /^(\/rpc)?\/(terminal|exec|connect|ssh)\/([^/]+)(?:\/(\d{1,5}))?\/?$/.exec(pathname) ?? [];
  const workspace = decode(name);
  if (stream === undefined || workspace === undefined) return undefined;
  if (stream === "connect" && port !== undefined && alias === undefined) {
    return { kind: "socket", stream, workspace, port: Number(port) };
  }
  if (port !== undefined) return undefined;
  if (stream === "terminal" || stream === "exec") return { kind: "socket", stream, workspace };
  return stream === "ssh" && alias === undefined ? { kind: "socket", stream, workspace } : undefined;
}

/** Whether a hub leads to it: the dashboard's pages and what is measured are each agent's own, and a worker behind a worker is not reached. */
export function isLed({ kind }: Route): boolean {
  return kind !== "static" && kind !== "metrics" && kind !== "page" && kind !== "uplink" && kind !== "on";
}

/** Whether it may be of any size, and so keeps others waiting who share its way. */
export function isLarge(route: Route): boolean {
  if (route.kind === "socket") return route.stream === "connect" || route.stream === "ssh";
  return route.kind === "files" || route.kind === "taskLog";
}

/** Whether a procedure only reads; one that does not exist counts as changing. */
export function isReading(procedure: readonly string[]): boolean {
  const rule = ruleOf(procedure);
  return (rule?.needs === "read" || rule?.needs === "any") && rule.changes !== true;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
