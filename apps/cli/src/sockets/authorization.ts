import type { Target } from "../target.ts";

/** How a request says who it is from: with this device's token, or else that a tailnet may know. Nobody is asked on the local socket. */
export function authorizationOf(target: Target): { authorization?: string } {
  if (target.kind === "socket") return {};
  return { authorization: target.token === undefined ? "Tailnet" : `Bearer ${target.token}` };
}
