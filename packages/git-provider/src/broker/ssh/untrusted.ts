import { WsError } from "@ws/workspace-core";
import { RouteRefused } from "../protocol/routes.ts";

/** What git's user reads where a host's key is none that the worker was told. */
export function untrusted(options: {
  host: string;
  kind: string;
  fingerprint: string;
  credential: string;
  /** Whether another one was told. */
  changed: boolean;
}): RouteRefused {
  const { host, kind, fingerprint, credential, changed } = options;
  const why = changed
    ? `which is none of those that this worker was told; somebody may stand in between. Where ${host} has a new one`
    : `which nobody has told this worker. Where ${host} says the same of itself`;
  return new RouteRefused(
    403,
    `Workspace does not trust ${host} ${changed ? "any more" : "yet"}: its host key is ${fingerprint} (${kind}), ${why}, tell it: 'ws credential set ${credential} --host-key ${fingerprint}'.`,
  );
}

const WORDS = /Workspace does not trust (\S+) (yet|any more): (its host key is (SHA256:\S+) .*?)\. (Where .*)\.$/m;

/** The domain's error, where git said so. */
export function untrustedIn(stderr: string): WsError | undefined {
  const [, host = "", when, what = "", fingerprint = "", next = ""] = WORDS.exec(stderr) ?? [];
  if (host === "") return undefined;
  const details = {
    message: `The server ${host} is not trusted${when === "yet" ? "" : " any more"}: ${what}.`,
    next: `${next}.`,
    data: { host, fingerprint },
  };
  return when === "yet" ? new WsError("host_key_unknown", details) : new WsError("host_key_changed", details);
}
