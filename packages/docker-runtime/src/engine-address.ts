import { existsSync } from "node:fs";
import { join } from "node:path";

import { WsError } from "@ws/workspace-core";

/** Where a Docker engine answers. */
export type EngineAddress =
  | { socketPath: string }
  | {
      host: string;
      port: number;
      /** PEM texts; their presence means TLS. */
      tls?: { ca?: string; cert?: string; key?: string };
    };

/**
 * What `DOCKER_HOST` names, else the first of the usual sockets that exists. `readFile` reads the PEM files of
 * `DOCKER_CERT_PATH`. Throws `engine_unreachable` where the variable has a form that is not supported.
 */
export function engineAddress(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
  exists: (path: string) => boolean = existsSync,
): EngineAddress {
  const value = environment["DOCKER_HOST"] ?? "";
  if (value === "") return { socketPath: usualSocket(environment, exists) };
  if (value.startsWith("unix://")) return { socketPath: value.slice("unix://".length) };
  const url = URL.parse(value.includes("://") ? value : `tcp://${value}`);
  if (url === null || !["tcp:", "http:", "https:"].includes(url.protocol) || url.hostname === "") {
    throw new WsError("engine_unreachable", {
      message: `DOCKER_HOST is '${value}', which is not a unix:// or tcp:// address.`,
      next: "Set DOCKER_HOST to an address such as unix:///var/run/docker.sock; reach an ssh:// engine with 'ssh -L'.",
      data: { runtime: "docker" },
    });
  }
  const verified = (environment["DOCKER_TLS_VERIFY"] ?? "") !== "" || url.protocol === "https:";
  const address = { host: url.hostname, port: Number(url.port || (verified ? 2376 : 2375)) };
  if (!verified) return address;
  const directory = environment["DOCKER_CERT_PATH"] ?? join(environment["HOME"] ?? "/", ".docker");
  const pem = (name: string): string | undefined =>
    exists(join(directory, name)) ? readFile(join(directory, name)) : undefined;
  const [ca, cert, key] = [pem("ca.pem"), pem("cert.pem"), pem("key.pem")];
  return { ...address, tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } };
}

/** How the address reads in a message. */
export function describeAddress(address: EngineAddress): string {
  return "socketPath" in address ? address.socketPath : `${address.host}:${address.port}`;
}

function usualSocket(
  environment: Readonly<Record<string, string | undefined>>,
  exists: (path: string) => boolean,
): string {
  const system = "/var/run/docker.sock";
  const home = environment["HOME"];
  const rootless = environment["XDG_RUNTIME_DIR"];
  const others = [
    ...(rootless === undefined ? [] : [join(rootless, "docker.sock")]),
    ...(home === undefined ? [] : [join(home, ".docker/run/docker.sock"), join(home, ".colima/default/docker.sock")]),
  ];
  return [system, ...others].find(exists) ?? system;
}
