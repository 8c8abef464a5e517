import { isIPv4, isIPv6 } from "node:net";

/** A host and, where it is not the scheme's own, its port. */
export interface Authority {
  /** Lower case; an IPv6 address without brackets. */
  host: string;
  port?: number;
}

/**
 * Parses `host`, `host:port`, `[v6]` or `[v6]:port`; undefined where it is anything else. Only one spelling of
 * an address is accepted: what other parsers would read as an address (`0x7f000001`, `127.1`, `[::ffff:7f00:1]`)
 * is refused, so that no two parsers can disagree about whom we talk to.
 */
export function parseAuthority(text: string, defaultPort: number): Authority | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]@/]+)(?::(\d{1,5}))?$/i.exec(text);
  if (match?.[1] === undefined) return undefined;
  const host = parseHost(match[1]);
  if (host === undefined) return undefined;
  if (match[2] === undefined) return { host };
  const port = Number(match[2]);
  if (port < 1 || port > 65_535) return undefined;
  return port === defaultPort ? { host } : { host, port };
}

/** The authority as it stands in a URL. */
export function formatAuthority({ host, port }: Authority): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

function parseHost(text: string): string | undefined {
  const host = text.toLowerCase();
  if (host.startsWith("[")) return canonicalV6(host.slice(1, -1));
  if (isIPv4(host)) return host;
  return isName(host) ? host : undefined;
}

function canonicalV6(text: string): string | undefined {
  if (!isIPv6(text)) return undefined;
  const canonical = new URL(`https://[${text}]`).hostname.slice(1, -1);
  return canonical.startsWith("::ffff:") ? undefined : canonical;
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

function isName(host: string): boolean {
  const labels = host.split(".");
  // URL parsers read a name whose last label is a number as an IPv4 address in some base.
  const numeric = /^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "");
  return host.length <= 253 && !numeric && labels.every((label) => LABEL.test(label));
}
