import { CLOSE } from "@ws/rpc-contract/frames";
import type { Problem } from "../../problem.ts";

export type RefusalKind = "unauthorized" | "forbidden" | "not_found" | "not_running" | "protocol";

/** The close codes after which trying again cannot help, with what a person is told where the server said nothing. */
export function refusalOf(code: number): { kind: RefusalKind; problem: Problem } | undefined {
  switch (code) {
    case CLOSE.unauthorized:
      return {
        kind: "unauthorized",
        problem: {
          code: "unauthorized",
          message: "This browser's sign-in has expired or was revoked.",
          next: "Open a new one-time link: run ws open on the worker.",
        },
      };
    case CLOSE.forbidden:
      return {
        kind: "forbidden",
        problem: {
          code: "forbidden",
          message: "This sign-in may not use the terminals of this workspace.",
          next: "Sign in with a token whose scope allows it.",
        },
      };
    case CLOSE.notFound:
      return {
        kind: "not_found",
        problem: { code: "terminal_not_found", message: "This terminal no longer exists.", next: "Open a new one." },
      };
    case CLOSE.notRunning:
      return {
        kind: "not_running",
        problem: { code: "workspace_not_running", message: "The workspace does not run.", next: "Start it first." },
      };
    case CLOSE.protocol:
      return {
        kind: "protocol",
        problem: {
          code: "protocol",
          message: "The agent and this page do not understand each other.",
          next: "Reload the page: the agent may have been updated.",
        },
      };
    default:
      return undefined;
  }
}
