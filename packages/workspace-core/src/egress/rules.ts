import { WsError } from "../errors.ts";
import { excerpt } from "../names.ts";
import { parseHost } from "./host.ts";
import { isNeverReached, isPrivateAddress } from "./never-reached.ts";

/** A host, and one of its ports, that workspaces of the profile `agent` may reach. */
export interface EgressRule {
  /** `registry.npmjs.org`, an IPv4 address, or `*.example.com`: every name below it, and not itself. */
  host: string;
  port: number;
  /** Whether it may be at a private address too; never at one of the worker's own, or at a cloud's metadata service. */
  private: boolean;
}

const DEFAULT_PORT = 443;
const FORM = /^(\*\.)?([^\s:/*]+)(?::(\d{1,5}))?(\/private)?$/;
/** Under these anybody can have a name: `co.uk`, `com.au`. */
const OPEN_TO_ALL = /^(?:ac|co|com|edu|gob|gov|mil|ne|net|nom|or|org)\.[a-z]{2}$/;

/** Reads `HOST[:PORT][/private]`. Throws `invalid_input`, saying why. */
export function parseEgressRule(text: string): EgressRule {
  const [, wildcard = "", name = "", digits, isPrivate] = FORM.exec(text.trim()) ?? [];
  const host = parseHost(name);
  if (host === undefined) throw unfit(text, "It is no host.");
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  if (port < 1 || port > 65_535) throw unfit(text, "It is no port.");
  if (wildcard !== "") {
    if (host.kind === "address") throw unfit(text, "An address has no names below it.");
    if (!host.text.includes(".") || OPEN_TO_ALL.test(host.text)) throw unfit(text, "Anybody can have a name below it.");
  }
  return { host: `${wildcard}${host.text}`, port, private: isPrivate !== undefined };
}

/** As `parseEgressRule` reads it. */
export function egressRuleText({ host, port, private: isPrivate }: EgressRule): string {
  return `${host}${port === DEFAULT_PORT ? "" : `:${port}`}${isPrivate ? "/private" : ""}`;
}

/** The rule that allows this; undefined where none does. */
export function ruleThatAllows({
  host,
  port,
  isPrivate = isPrivateAddress(host),
}: {
  host: string;
  port: number;
  /** Where it was found at a private address. */
  isPrivate?: boolean;
}): string | undefined {
  // Rules have no IPv6 addresses.
  if (host.includes(":") || isNeverReached(host)) return undefined;
  return egressRuleText({ host, port, private: isPrivate });
}

/** Whether a rule's host is this one, by whole labels. */
export function namesHost(pattern: string, host: string): boolean {
  if (!pattern.startsWith("*.")) return pattern === host;
  return host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1;
}

/** Whether there is a host that both name. */
export function namesAlike(one: string, other: string): boolean {
  return one === other || namesHost(one, other) || namesHost(other, one);
}

function unfit(text: string, why: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'${excerpt(text)}' cannot be allowed. ${why}`,
    next: "Name one as HOST, HOST:PORT or *.DOMAIN, an international name in its form xn--; /private after it lets it be at a private address.",
    data: { field: "rule" },
  });
}
