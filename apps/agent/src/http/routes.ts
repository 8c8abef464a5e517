import { ruleOf } from "../access/rules/index.ts";

/** What a path leads to, and so which checks it passes. */
export type Route =
  | { kind: "health" }
  | { kind: "rpc"; procedure: readonly string[] }
  | { kind: "api"; open: boolean }
  | { kind: "mcp" }
  | { kind: "files"; workspace: string; path?: string }
  | { kind: "taskLog"; task: string }
  /** `workspace` is its id or its name. */
  | { kind: "aiAction"; workspace: string }
  | { kind: "page" }
  | { kind: "socket"; stream: "terminal" | "exec"; workspace: string }
  | { kind: "uplink" }
  /** Something of a worker that this agent is the hub of; `path` is the address there. */
  | { kind: "on"; worker: string; path: string }
  | { kind: "static" };

/** The path must be normalized already, as `URL.pathname` is. */
export function routeOf(pathname: string): Route {
  if (pathname === "/health") return { kind: "health" };
  if (pathname === "/uplink") return { kind: "uplink" };
  const on = /^\/on\/([^/]+)(\/.*)?$/.exec(pathname);
  if (on !== null) return { kind: "on", worker: decode(on[1] ?? "") ?? "", path: on[2] ?? "/" };
  const socket = /^(?:\/rpc)?\/(terminal|exec)\/([^/]+)\/?$/.exec(pathname);
  if (socket !== null) {
    const workspace = decode(socket[2] ?? "");
    if (workspace !== undefined) return { kind: "socket", stream: socket[1] as "terminal" | "exec", workspace };
  }
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
  if (pathname.startsWith("/api/")) return { kind: "api", open: pathname === "/api/auth/exchange" };
  return { kind: "static" };
}

/** Whether a hub leads to it: the pages of the dashboard are each agent's own, and a worker behind a worker is not reached. */
export function isLed({ kind }: Route): boolean {
  return kind !== "static" && kind !== "page" && kind !== "uplink" && kind !== "on";
}

/** Whether it may be of any size, and so keeps others waiting who share its way. */
export function isLarge({ kind }: Route): boolean {
  return kind === "files" || kind === "taskLog";
}

/** Whether a procedure only reads; one that does not exist counts as changing. */
export function isReading(procedure: readonly string[]): boolean {
  const needs = ruleOf(procedure)?.needs;
  return needs === "read" || needs === "any";
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
