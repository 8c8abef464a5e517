import type { Server } from "node:http";
import type { Config } from "../config/config.ts";
import { socketPath } from "../paths.ts";
import { listenTcp, listenUnix, requireSafe } from "./listen.ts";

/** Where this agent is reached: a TCP port, and a socket that only this user can open. */
export interface Listening {
  readonly host: string;
  /** The one asked for, which may be 0, until it listens. */
  readonly port: number;
  /** Path of the unix socket. */
  readonly socket: string;
  /** `http://127.0.0.1:7391`: what a browser of this machine is sent to. */
  address(): string;
  /** Throws `port_taken`, `config_invalid`. */
  start(servers: { tcp: Server; unix: Server }): Promise<void>;
}

export interface ListeningOptions {
  config: Pick<Config, "get" | "variable">;
  configDirectory: string;
  /** Whether an option of the command line says the address. */
  byOption: boolean;
}

/** Throws `unsafe_listen` for an address that would let tokens cross a network readably. */
export function createListening({ config, configDirectory, byOption }: ListeningOptions): Listening {
  const host = config.get("host");
  let port = config.get("port");
  const from = byOption ? "--listen" : (config.variable("host") ?? "host in config.json");
  requireSafe({ host, insecureListen: config.get("insecureListen"), port, from });
  const socket = socketPath(configDirectory);
  return {
    host,
    get port() {
      return port;
    },
    socket,
    address: () => `http://${urlHost(host)}:${port}`,
    async start({ tcp, unix }) {
      port = await listenTcp(tcp, host, port);
      await listenUnix(unix, socket);
    },
  };
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
