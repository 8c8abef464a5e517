import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LocalApi } from "@ws/agent/tailscaled";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Answering } from "../pairing/reach-worker.ts";
import { isOfTailnet, letIn } from "./let-in.ts";

const asked: (string | undefined)[] = [];
let status = 200;
const server = createServer((request, response) => {
  asked.push(request.url);
  const body = { json: { who: "ada", scope: "admin" } };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});
let port: number;

beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => void server.close());
beforeEach(() => {
  asked.length = 0;
  status = 200;
});

function answering(pin: string | undefined, host = "127.0.0.1"): Answering {
  return { target: { kind: "http", url: `http://${host}:${port}` }, pin, worker: "desk" };
}

/** A device of the tailnet that has one other machine in it. */
function tailnet(state = "Running"): LocalApi {
  const own = { ID: "n1", HostName: "laptop", DNSName: "laptop.tail1234.ts.net.", TailscaleIPs: OWN };
  const whole = { StableID: "n2", Name: "desk.tail1234.ts.net.", Addresses: ["100.64.0.2/32", "fd7a::2/128"] };
  return {
    status: async () => ({ BackendState: state, Self: own }),
    whois: async (address) =>
      // Behind a machine that leads to a whole network there are others, whose addresses are none of the tailnet's.
      ["100.64.0.2", "fd7a::2", "192.0.2.9"].includes(address)
        ? { Node: whole, UserProfile: { LoginName: "ada@example.com" } }
        : undefined,
  };
}
const OWN = ["100.64.0.1", "fd7a::1"];

test.each([
  ["no daemon", undefined],
  ["a daemon that does not know the address", tailnet()],
])("who says by plain HTTP that one is let in is not even asked, where there is %s", async (_where, api) => {
  const dial = async (): Promise<{ local: string; remote: string }> => ({ local: "192.0.2.1", remote: "192.0.2.7" });
  expect(await letIn(answering(""), api, dial)).toBeUndefined();
  expect(asked).toEqual([]);
});

test("what answers on this device is believed, and known by its address", async () => {
  const found = await letIn(answering("", "localhost"), undefined, async () => ({
    local: "127.0.0.1",
    remote: "127.0.0.1",
  }));
  expect(found).toEqual(answering(""));
  expect(await letIn(answering(""), undefined)).toEqual(answering(""));
  expect(asked).toHaveLength(2);
});

test("a worker that lets nobody in without a token is not believed to", async () => {
  status = 401;
  expect(await letIn(answering(""), undefined)).toBeUndefined();
  expect(asked).toHaveLength(1);
});

test("a certificate that nobody knows vouches for nothing, and one of a public authority does", async () => {
  expect(await letIn(answering("a-pin"), tailnet())).toBeUndefined();
  expect(asked).toEqual([]);
  expect(await letIn(answering(undefined), undefined)).toEqual(answering(undefined));
});

test("a daemon that does not answer vouches for nobody", async () => {
  const silent = { ...tailnet(), status: () => Promise.reject(new Error("no answer")) };
  const dial = async (): Promise<{ local: string; remote: string }> => ({ local: "100.64.0.1", remote: "100.64.0.2" });
  expect(await letIn(answering(""), silent, dial)).toBeUndefined();
});

test.each([
  ["100.64.0.1", "100.64.0.2", true],
  ["fd7a::1", "fd7a::2", true],
  // Not by the daemon's interface: whoever has that address in this network.
  ["192.0.2.1", "100.64.0.2", false],
  // By an exit node.
  ["100.64.0.1", "192.0.2.7", false],
  ["100.64.0.1", "192.0.2.9", false],
])("from %s to %s is a way of the tailnet: %s", async (local, remote, expected) => {
  expect(await isOfTailnet({ local, remote }, tailnet())).toBe(expected);
  expect(await isOfTailnet({ local, remote }, tailnet("Stopped"))).toBe(false);
});
