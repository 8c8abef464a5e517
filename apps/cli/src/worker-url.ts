import { isIPv6 } from "node:net";
import { CliError, EXIT } from "./errors.ts";

const DEFAULT_PORT = "7391";

/**
 * The origin of a worker: of `host`, `host:port`, an IP address or an http(s) URL, of which a path is left out. The port is
 * 7391 where none is given. Throws `invalid_worker`.
 */
export function workerUrl(worker: string): string {
  const isUrl = hasScheme(worker);
  const bare = isIPv6(worker) ? `[${worker}]` : worker;
  const text = isUrl ? worker : `http://${bare}`;
  if (!URL.canParse(text)) throw invalid(`'${worker}' is not a worker's address.`);
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol) || url.hostname === "") throw invalid(`'${worker}' is not a worker's address.`);
  if (url.username !== "" || url.password !== "") {
    throw invalid(`'${worker}' names a user, and a worker is reached without one.`, url.host);
  }
  // A URL with a scheme says all it means; a bare host means the default port. URL drops the port 80.
  if (!isUrl && !/:\d+$/.test(bare)) url.port = DEFAULT_PORT;
  return url.origin;
}

/** Whether the words say themselves by which scheme the worker is reached. */
export function hasScheme(worker: string): boolean {
  return worker.includes("://");
}

function invalid(message: string, host = "HOST"): CliError {
  return new CliError("invalid_worker", message, {
    next: host === "HOST" ? "Use HOST, HOST:PORT or http(s)://HOST:PORT." : `Use ${host}.`,
    exit: EXIT.usage,
  });
}
