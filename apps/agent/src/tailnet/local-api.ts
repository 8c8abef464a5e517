import { statSync } from "node:fs";
import { request } from "node:http";
import { z } from "zod";

const texts = z.array(z.string()).nullish();

const whois = z.object({
  Node: z.object({
    StableID: z.string().min(1),
    Name: z.string(),
    Addresses: texts,
    /** Absent where they are the addresses. */
    AllowedIPs: texts,
    Tags: texts,
  }),
  UserProfile: z.object({ LoginName: z.string().min(1) }),
});

const node = z.object({
  ID: z.string(),
  HostName: z.string(),
  DNSName: z.string(),
  TailscaleIPs: texts,
  Tags: texts,
  Online: z.boolean().nullish(),
});

const status = z.object({
  BackendState: z.string(),
  Self: node.nullish(),
  Peer: z.record(z.string(), node).nullish(),
});

/** Whose an address of the tailnet is. */
export type Whois = z.infer<typeof whois>;

/** This machine in the tailnet; `Peer` holds the others where they were asked for. */
export type TailnetStatus = z.infer<typeof status>;

/** What the Tailscale daemon of this machine tells. What rejects says only that nothing is known. */
export interface LocalApi {
  /** Undefined where it knows nobody of that address. A port finds those who share one. */
  whois(address: string, port?: number): Promise<Whois | undefined>;
  status(options: { peers: boolean }): Promise<TailnetStatus>;
}

const SOCKETS = [
  "/run/tailscale/tailscaled.sock",
  "/var/run/tailscale/tailscaled.sock",
  // macOS; the build of its App Store has none.
  "/var/run/tailscaled.socket",
];
const ANSWER_MS = 1_000;
const LONGEST_ANSWER = 16 * 1024 * 1024;

/** Undefined where no daemon of root or of this user listens at `path`, or at one of the usual places. */
export function findLocalApi(path: string): LocalApi | undefined {
  const socketPath = (path === "" ? SOCKETS : [path]).find(isTrusted);
  if (socketPath === undefined) return undefined;
  return {
    async whois(address, port = 0) {
      const addr = `${address.includes(":") ? `[${address}]` : address}:${port}`;
      const answer = await ask(socketPath, `/localapi/v0/whois?addr=${encodeURIComponent(addr)}`);
      return answer === undefined ? undefined : whois.parse(answer);
    },
    async status({ peers }) {
      return status.parse(await ask(socketPath, `/localapi/v0/status${peers ? "" : "?peers=false"}`));
    },
  };
}

/** Somebody else's could say anything of anybody. What lies where this user may not look is none. */
function isTrusted(path: string): boolean {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.isSocket() === true && (found.uid === 0 || found.uid === process.getuid?.());
  } catch {
    return false;
  }
}

/** The JSON of a 200, undefined for a 404. */
function ask(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(ANSWER_MS);
    // By another name it does not answer, so that no page of a browser gets there.
    const headers = { host: "local-tailscaled.sock" };
    const asked = request({ socketPath, path, headers, agent: false, signal }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
        if (text.length > LONGEST_ANSWER) asked.destroy(new Error("tailscaled says too much"));
      });
      answer.on("error", reject);
      answer.on("end", () => {
        const { statusCode } = answer;
        if (statusCode === 404) return resolve(undefined);
        if (statusCode !== 200) return reject(new Error(`tailscaled answered ${statusCode}`));
        try {
          resolve(JSON.parse(text));
        } catch (error) {
          reject(error);
        }
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}
