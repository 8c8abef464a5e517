import { request } from "node:https";
import { getCACertificates } from "node:tls";

/** Whoever has a person waiting in front of `ws doctor` answers by then. */
const WAIT_MS = 3_000;

/** What a host's answer says of the time, in milliseconds since the epoch; nothing is sent that says who asks. Rejects where it does not answer. */
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
        ca: [...new Set([...getCACertificates("default"), ...getCACertificates("system"), ...authorities])],
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      },
      ({ headers }) => {
        asking.destroy();
        const date = Date.parse(headers.date ?? "");
        resolve(Number.isFinite(date) ? date : undefined);
      },
    );
    asking.on("error", reject).end();
  });
}
