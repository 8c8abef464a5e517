import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { decideEgress, egressList, type EgressWay } from "@ws/workspace-core";
import { createManualClock, type ManualClock } from "@ws/workspace-core/testing";
import { createEgress, type FindAddresses } from "../egress.ts";
import { createLoopbackBox, type LoopbackBox } from "./loopback-box.ts";

/** Any public name is at this machine's loopback, as a stand-in for the internet. */
const HERE: FindAddresses = async () => ({ addresses: [{ address: "127.0.0.1", family: 4 }] });

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A way out with its own stand-in for a workspace and for the internet. */
export interface Subject extends EgressWay, AsyncDisposable {
  box: LoopbackBox;
  clock: ManualClock;
  /** What may be reached; it may be changed at any time. */
  allow: string[];
  refused: string[];
  /** Of each that was refused, what would have allowed it. */
  rules: (string | undefined)[];
  /** Starts a server of the internet; resolves to its port. */
  serve(server: Server): Promise<number>;
  /** Does what a program does first that speaks TLS through a proxy. */
  tunnel(target: string): Promise<Tunnel>;
  /** Does what a program does that speaks HTTP through a proxy. */
  plain(url: string, headers?: Record<string, string>): Promise<{ status: number; body: string }>;
}

export interface Tunnel {
  status: number;
  /** What was answered to one that was not made. */
  body: string;
  socket: Socket;
}

export async function openSubject({
  addresses = HERE,
  taken = 0,
}: { addresses?: FindAddresses; taken?: number } = {}): Promise<Subject> {
  const box = createLoopbackBox({ taken });
  const clock = createManualClock();
  const allow: string[] = [];
  const refused: string[] = [];
  const rules: (string | undefined)[] = [];
  const ends = new AsyncDisposableStack();
  ends.use(box);
  let way: EgressWay | undefined;
  const attaching = createEgress({ addresses, clock, log: silent })
    .attach(box, {
      port: 7_392,
      decide: (asked) => decideEgress(egressList({ presets: [], allow, deny: [] }), asked),
      refused({ host, port }, why, rule) {
        refused.push(`${host}:${port} ${why}`);
        rules.push(rule);
      },
    })
    .then((opened) => (way = opened));
  while (way === undefined) {
    await Promise.race([attaching, clock.idle()]);
    clock.advance(300);
  }
  return {
    ...way,
    box,
    clock,
    allow,
    refused,
    rules,
    async serve(server) {
      server.listen(0, "127.0.0.1");
      ends.defer(() => void server.close());
      await once(server, "listening");
      return (server.address() as AddressInfo).port;
    },
    async tunnel(target) {
      const asking = request({ host: "127.0.0.1", port: box.port(), method: "CONNECT", path: target, agent: false });
      const [response, socket, head] = (await once(asking.end(), "connect")) as [IncomingMessage, Socket, Buffer];
      ends.defer(() => void socket.destroy());
      const status = response.statusCode ?? 0;
      socket.unshift(head);
      return { status, socket, body: status === 200 ? "" : await text(socket) };
    },
    async plain(url, headers = {}) {
      const { host } = new URL(url);
      const asking = request({
        host: "127.0.0.1",
        port: box.port(),
        path: url,
        agent: false,
        headers: { host, ...headers },
      });
      const [response] = (await once(asking.end(), "response")) as [IncomingMessage];
      return { status: response.statusCode ?? 0, body: await text(response) };
    },
    [Symbol.asyncDispose]: () => ends.disposeAsync(),
  };
}
