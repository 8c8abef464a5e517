import type { Tls } from "../tls/tls-server.ts";
import { isLoopback } from "./listen.ts";

/** One address that the agent answers at. */
export interface Exposed {
  address: string;
  port: number;
  /** What keeps others from reading along: nobody gets between, the tailnet, TLS (`mtls` where clients need a certificate), or nothing. */
  by: "loopback" | "tailnet" | "tls" | "mtls" | "nothing";
  /** Who is let in, in words. */
  letsIn: string;
  /** What devices remember of the key that is shown here; absent without TLS. */
  pin?: string;
  /** When its certificate ends, in milliseconds since the epoch; absent without TLS. */
  certificateEnds?: number;
}

/** What is reached at the address that the settings name. */
export function exposedAt(
  { host, port, insecure }: { host: string; port: number; insecure: boolean },
  tls: Tls | undefined,
): Exposed {
  const by = isLoopback(host) ? "loopback" : tls === undefined || insecure ? "nothing" : tls.mutual ? "mtls" : "tls";
  const letsIn = by === "mtls" ? "who has a client's certificate and a token" : "who has a token";
  return { address: host, port, by, letsIn, ...(tls === undefined ? {} : { pin: tls.pin, certificateEnds: tls.ends }) };
}
