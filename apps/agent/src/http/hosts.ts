import { isIP } from "node:net";

/**
 * Whether a Host header names this machine. DNS rebinding needs a name that the attacker controls, so IP literals are
 * safe, and names must be known. Comparing Origin with Host instead would pass: both are the attacker's name.
 */
export function isAllowedHost(header: string | undefined, names: readonly string[]): boolean {
  const host = hostName(header);
  if (host === undefined) return false;
  if (isIP(host) !== 0 || host === "localhost" || host.endsWith(".localhost")) return true;
  return names.some((name) => host === name.toLowerCase());
}

/** The name in a Host header without its port, brackets and final dot; undefined where it is none. */
export function hostName(header: string | undefined): string | undefined {
  const found = /^(?:\[([0-9a-f:.]+)\]|([^\s:/@[\]]+))(?::\d{1,5})?$/i.exec(header ?? "");
  return (found?.[1] ?? found?.[2])?.toLowerCase().replace(/\.$/, "");
}
