import { lookup } from "node:dns/promises";
import { createEgress } from "./index.ts";
import {
  decideEgress,
  EGRESS_PORT,
  egressEnvironment,
  egressList,
  type Box,
  type Clock,
  type Log,
} from "@ws/workspace-core";

/** Leads the programs of a Box to package registries and nowhere else; resolves to the variables that they need. */
export async function leadOut(box: Pick<Box, "id" | "listen" | "closed">, clock: Clock, log: Log) {
  const egress = createEgress({
    // A worker also judges where a host is: not at itself, and not in its own network.
    addresses: async (host) => ({ addresses: await lookup(host, { all: true }) }),
    clock,
    log,
  });
  const list = egressList({ presets: ["registries"], allow: ["*.example.com"], deny: [] });
  const { port } = await egress.attach(box, {
    port: EGRESS_PORT,
    decide: (asked) => decideEgress(list, asked),
    refused: ({ host, port: wanted }, why) => log.info(`${host}:${wanted} was refused. ${why}`),
  });
  return egressEnvironment(port); // HTTPS_PROXY and the like
}
