import type { Refusal } from "@ws/rpc-contract/terminal-client";
import type { Problem } from "../../problem.ts";

/** What a person is told of a refusal of which the agent said no more. */
export const PROBLEMS: Record<Refusal, Problem> = {
  unauthorized: {
    code: "unauthorized",
    message: "This browser's sign-in has expired or was revoked.",
    next: "Open a new one-time link: run ws open on the worker.",
  },
  forbidden: {
    code: "forbidden",
    message: "This sign-in may not use the terminals of this workspace.",
    next: "Sign in with a token whose scope allows it.",
  },
  not_found: { code: "terminal_not_found", message: "This terminal no longer exists.", next: "Open a new one." },
  not_running: { code: "workspace_not_running", message: "The workspace does not run.", next: "Start it first." },
  failed: {
    code: "terminal_failed",
    message: "The worker could not open this terminal.",
    next: "Try again, or see why in the agent's log.",
  },
  protocol: {
    code: "protocol",
    message: "The agent and this page do not understand each other.",
    next: "Reload the page: the agent may have been updated.",
  },
};

/** Whoever watches by a link can do nothing about its end. */
export const LINK_ENDED: Problem = {
  code: "unauthorized",
  message: "This link has ended.",
  next: "Ask whoever gave it to you for another.",
};
