import { ruleOf } from "../access/rules.ts";

/** What a path leads to, and so which checks it passes. */
export type Route =
  | { kind: "health" }
  | { kind: "rpc"; procedure: readonly string[] }
  | { kind: "api"; open: boolean }
  | { kind: "mcp" }
  | { kind: "files"; workspace: string; path?: string }
  | { kind: "taskLog"; task: string }
  | { kind: "page" }
  | { kind: "socket"; stream: "terminal" | "exec"; workspace: string }
  | { kind: "static" };

/** The path must be normalized already, as `URL.pathname` is. */
export function routeOf(pathname: string): Route {
  if (pathname === "/health") return { kind: "health" };
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
