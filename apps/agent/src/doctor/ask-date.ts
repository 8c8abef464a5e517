import { request } from "node:https";
import { checkServerIdentity, getCACertificates, type TLSSocket } from "node:tls";

/** Whoever has a person waiting in front of `ws doctor` answers by then. */
const WAIT_MS = 3_000;

/**
 * What is said of every certificate where the clock here is far off, and in place of whatever else is wrong with one: somebody in between could say any time then, which
 * makes a finding wrong and nothing else.
 */
const BY_CLOCK = new Set(["CERT_NOT_YET_VALID", "CERT_HAS_EXPIRED"]);

/**
 * What a host's answer says of the time, in milliseconds since the epoch; nothing is sent that says who asks. Rejects where it does not answer, or is not who it should be: that its certificate
 * seems not to be valid today is no reason, because that is what a clock that is wrong by months makes of all of them.
 */
export function askDate(
  host: string,
  authorities: readonly string[],
  signal?: AbortSignal,
): Promise<number | undefined> {
  const limit = AbortSignal.timeout(WAIT_MS);
  return new Promise((resolve, reject) => {
    const asking = request(
      `https://${host}/`,
      {
        method: "HEAD",
        agent: false,
        // Looked at below. No more is read than a date, and nothing is sent.
        rejectUnauthorized: false,
        ca: [...new Set([...getCACertificates("default"), ...getCACertificates("system"), ...authorities])],
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      },
      ({ headers, socket }) => {
        // Before the connection is gone, and its certificate with it.
        const problem = distrust(socket as TLSSocket, URL.parse(`https://${host}`)?.hostname ?? host);
        asking.destroy();
        if (problem !== undefined) return reject(problem);
        const date = Date.parse(headers.date ?? "");
        resolve(Number.isFinite(date) ? date : undefined);
      },
    );
    asking.on("error", reject).end();
  });
}

function distrust(socket: TLSSocket, name: string): Error | undefined {
  if (socket.authorized) return undefined;
  // A code, whatever its type says.
  const code = String(socket.authorizationError);
  if (!BY_CLOCK.has(code)) return new Error(`its certificate is not trusted: ${code}`);
  // Nobody looked whose it is once something else was wrong with it.
  return checkServerIdentity(name, socket.getPeerCertificate());
}
