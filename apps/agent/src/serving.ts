import type { Server } from "node:http";
import type { Authenticator } from "./access/authenticate.ts";
import { createGate, type Transport } from "./http/gate.ts";
import { createHttpServer, type ServerOptions } from "./http/server.ts";
import { createStaticApp } from "./http/static-app.ts";
import type { Listening } from "./listening/listening.ts";
import type { Services } from "./rpc/context.ts";
import type { Streams } from "./streams.ts";
import type { Uplink } from "./uplink/uplink.ts";

/** One server for each way in: all answer alike, behind one gate and with the same procedures, which are loaded once. */
export function createServing({
  services,
  authenticator,
  listening,
  streams,
  previews,
  uplink,
  webDirectory,
}: ServingOptions): Serving {
  const { version, hostname, config, log, tailnet } = services;
  let loading: ReturnType<ServerOptions["procedures"]> | undefined;
  const procedures: ServerOptions["procedures"] = () =>
    (loading ??= import("./http/procedures.ts").then(({ createProcedures }) => createProcedures(services)));
  const options: ServerOptions = {
    version,
    gate: createGate({
      names: () => [hostname, ...config.get("allowedHosts"), ...tailnet.names()],
      authenticator,
      isPrivate: listening.isPrivate,
      fromHub: uplink.fromHub,
    }),
    previews,
    identify: tailnet.identify,
    staticApp: createStaticApp(webDirectory),
    procedures,
    sockets: streams.sockets,
    uplinks: uplink.uplinks,
    counts: services.counts,
    log,
  };
  return { server: (transport) => createHttpServer(options, transport), procedures };
}

interface ServingOptions {
  services: Services;
  authenticator: Authenticator;
  listening: Pick<Listening, "isPrivate">;
  streams: Pick<Streams, "sockets">;
  previews: ServerOptions["previews"];
  uplink: Pick<Uplink, "fromHub" | "uplinks">;
  webDirectory: string;
}

interface Serving {
  server: (transport: Transport) => Server;
  procedures: ServerOptions["procedures"];
}
