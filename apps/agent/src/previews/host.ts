import { isLoopback } from "../listening/listen.ts";
import { hostName } from "../http/hosts.ts";

/** Which port of which workspace a host name is for. */
export interface PreviewAddress {
  /** The workspace's name. */
  workspace: string;
  port: number;
}

/** Every name below it is the machine's own, without any DNS: browsers resolve it themselves. */
const OWN_DOMAIN = "localhost";
/** DNS has no longer ones. */
const LONGEST_LABEL = 63;

/**
 * What a Host header `PORT--NAME.localhost`, or one below the domain of previews, is for: `malformed` where it can be meant for nothing else and is none, undefined
 * where it is the agent's own.
 */
export function previewAddress(header: string | undefined, domain: string): PreviewAddress | "malformed" | undefined {
  const [, digits = "", name = "", below] = /^(\d+)--([^.]*)\.(.+)$/.exec(hostName(header) ?? "") ?? [];
  if (below === undefined || (below !== OWN_DOMAIN && below !== domain.toLowerCase())) return undefined;
  const port = Number(digits);
  const isOne =
    String(port) === digits && port >= 1 && port <= 65_535 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name);
  return isOne ? { workspace: name, port } : "malformed";
}

/** How whoever asks for a preview reached the agent. */
export interface Reached {
  /** The Host header; undefined on the local socket. */
  host?: string | undefined;
  secure: boolean;
}

/** Where the browser of whoever asks finds a preview, as `http://3000--demo.localhost:7391`; undefined where no name leads it here. */
export function previewOrigin(
  { workspace, port }: PreviewAddress,
  { reached, dashboard, domain }: { reached: Reached; dashboard: string; domain: string },
): string | undefined {
  const label = `${port}--${workspace}`;
  if (label.length > LONGEST_LABEL) return undefined;
  const by = URL.parse(
    reached.host === undefined ? dashboard : `${reached.secure ? "https" : "http"}://${reached.host}`,
  );
  if (by === null) return undefined;
  const name = by.hostname.replace(/^\[|\]$/g, "");
  // The port is that of the way they came, which may be the end of a tunnel.
  const isHere = isLoopback(name) || name.endsWith(`.${OWN_DOMAIN}`);
  if (!isHere && domain === "") return undefined;
  return `${by.protocol}//${label}.${isHere ? OWN_DOMAIN : domain.toLowerCase()}${by.port === "" ? "" : `:${by.port}`}`;
}
