import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { promisify } from "node:util";

import type { WorkspaceId } from "@ws/workspace-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { shortInstance } from "./labels.ts";
import { networkName } from "./network.ts";
import { createNetworkStandIn, type NetworkStandIn } from "./testing/network-stand-in.ts";
import { createSubject, docker, execute, newSpec, running, type Subject } from "./testing/subject.ts";

const METADATA = "169.254.169.254";
const LAN = "10.127.126.125";
// curl's exit codes.
const CURL_REFUSED = 7;

// Rules in the machine's own tables are for agents that run as root; both kinds can be set by one.
const places = process.getuid?.() === 0 ? (["host", "container"] as const) : (["container"] as const);

describe.each(places)("the network of workspaces, with the firewall's rules in the %s", (firewall) => {
  let subject: Subject;
  let alpha: { id: WorkspaceId; handle: string };
  let beta: { id: WorkspaceId; handle: string };
  let standIn: NetworkStandIn;
  let gateway: string;
  const listener = createServer((_request, response) => response.end("the host"));

  beforeAll(async () => {
    subject = createSubject({ settings: { firewall } });
    await subject.runtime.prepare({ report: () => undefined });
    standIn = await createNetworkStandIn([METADATA, LAN]);
    [alpha, beta] = await Promise.all([running(subject), running(subject)]);
    gateway = await networkOf(alpha.handle).then(({ Gateway }) => Gateway);
    await once(listener.listen(0, "0.0.0.0"), "listening");
  });
  afterAll(async () => {
    listener.close();
    await standIn[Symbol.asyncDispose]();
    await subject[Symbol.asyncDispose]();
  });

  const curl = (id: WorkspaceId, url: string): ReturnType<typeof execute> =>
    execute(subject, id, ["curl", "--silent", "--show-error", "--max-time", "5", url]);

  test("does not lead to the worker, by any of its addresses (row 15; row 9)", async () => {
    const { port } = listener.address() as AddressInfo;
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("the host");
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    const reachable = own
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map(({ address }) => address);
    for (const address of new Set([gateway, ...reachable])) {
      expect([address, (await curl(alpha.id, `http://${address}:${port}/`)).code]).toEqual([address, CURL_REFUSED]);
    }
  });

  test("leads to the LAN and never to cloud metadata (row 22; instance roles stolen by request forgery, as at Capital One in 2019)", async () => {
    expect(await curl(alpha.id, `http://${LAN}:${standIn.port}/`)).toMatchObject({ code: 0, stdout: "stand-in" });
    const metadata = await curl(alpha.id, `http://${METADATA}:${standIn.port}/latest/meta-data/`);
    expect(metadata).toMatchObject({ code: CURL_REFUSED, stdout: "" });
  });

  test("lets names be resolved, also by a resolver on the worker itself", async () => {
    const resolver = createSocket("udp4");
    resolver.on("message", (message, { port, address }) => resolver.send(message, port, address));
    await new Promise<void>((resolve) => resolver.bind(53, gateway, resolve));
    try {
      const ask = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
s.sendto(b"question", ("${gateway}", 53))
print(s.recv(100).decode())`;
      expect(await execute(subject, alpha.id, ["python3", "-c", ask])).toMatchObject({ code: 0, stdout: "question\n" });
    } finally {
      resolver.close();
    }
  });

  test("does not lead from one workspace to another", async () => {
    await using box = await subject.runtime.open(beta.id);
    const server = await box.run(["python3", "-u", "-m", "http.server", "8000"]);
    server.exit.catch(() => undefined);
    // It says on its output that it listens.
    for await (const _ of server.stdout) break;
    const { IPAddress: address } = await networkOf(beta.handle);
    expect((await curl(beta.id, `http://${address}:8000/`)).code).toBe(0);
    const neighbour = await curl(alpha.id, `http://${address}:8000/`);
    // Refused or never answered, and not for want of a program.
    expect([7, 28]).toContain(neighbour.code);
  });

  test("cannot be changed from inside, and has no raw sockets, by root either", async () => {
    const raw = "import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)";
    const attempt = await execute(subject, alpha.id, ["sudo", "-n", "python3", "-c", raw]);
    expect(attempt.stderr).toContain("PermissionError");
    expect((await execute(subject, alpha.id, ["sudo", "-n", "iptables", "-F"])).code).not.toBe(0);
    expect(await execute(subject, alpha.id, ["sudo", "-n", "id", "-u"])).toMatchObject({ code: 0, stdout: "0\n" });
  });

  test("is closed again after each start", async () => {
    const spec = await running(subject);
    await subject.runtime.stop(spec.id);
    await subject.runtime.start(spec);
    const { port } = listener.address() as AddressInfo;
    expect((await curl(spec.id, `http://${gateway}:${port}/`)).code).toBe(CURL_REFUSED);
    expect((await curl(spec.id, `http://${METADATA}:${standIn.port}/`)).code).toBe(CURL_REFUSED);
  });

  test("is none at all for the agent profile", async () => {
    const spec = await running(subject, newSpec({ profile: "agent" }));
    expect((await execute(subject, spec.id, ["sh", "-c", "ls /sys/class/net"])).stdout).toBe("lo\n");
    expect((await execute(subject, spec.id, ["sudo", "-n", "true"])).code).not.toBe(0);
  });

  test("can be closed towards the LAN", async () => {
    await using closed = createSubject({ settings: { firewall, allowLan: false } });
    await closed.runtime.prepare({ report: () => undefined });
    const spec = await running(closed);
    const argv = ["curl", "--silent", "--max-time", "5", `http://${LAN}:${standIn.port}/`] as const;
    expect((await execute(closed, spec.id, argv)).code).toBe(CURL_REFUSED);
  });
});

describe.each(process.getuid?.() === 0 ? ["iptables"] : [])("the machine's tables, as %s lists them", (program) => {
  const run = promisify(execFile);
  const listed = async (...args: string[]): Promise<string> => (await run(program, ["--wait", "10", ...args])).stdout;

  test("have our rules before all others, once, and no more after a teardown", async () => {
    await using subject = createSubject({ settings: { firewall: "host" } });
    const chain = `WS-IN-${shortInstance(subject.instance)}`;
    await subject.runtime.prepare({ report: () => undefined });
    // A rule of somebody else's, for an interface that does not exist.
    const foreign = ["-i", "wsnothing", "-m", "comment", "--comment", subject.instance, "-j", "ACCEPT"];
    await listed("-I", "INPUT", "1", ...foreign);
    try {
      const places = await Promise.all([running(subject), running(subject)]);
      const input = (await listed("-S", "INPUT")).split("\n");
      expect(input.filter((line) => line.endsWith(`-j ${chain}`))).toHaveLength(1);
      const [ours, theirs] = [`-j ${chain}`, subject.instance].map((text) =>
        input.findIndex((line) => line.includes(text)),
      );
      expect(ours).toBeLessThan(theirs ?? 0);
      for (const { id } of places) await subject.runtime.remove(id);
    } finally {
      await listed("-D", "INPUT", ...foreign);
    }
    await subject.runtime.teardown();
    expect(await listed("-S")).not.toContain(shortInstance(subject.instance));
  });

  test("lose what a worker left there that was deleted by hand", async () => {
    await using gone = createSubject({ settings: { firewall: "host" } });
    await using subject = createSubject({ settings: { firewall: "host" } });
    await gone.runtime.prepare({ report: () => undefined });
    expect(await listed("-S")).toContain(shortInstance(gone.instance));
    await docker.getNetwork(networkName(gone.instance)).remove();
    await subject.runtime.prepare({ report: () => undefined });
    expect(await listed("-S")).not.toContain(shortInstance(gone.instance));
  });
});

async function networkOf(container: string): Promise<{ Gateway: string; IPAddress: string }> {
  const { NetworkSettings: settings } = await docker.getContainer(container).inspect();
  const [network] = Object.values(settings.Networks);
  if (network === undefined) throw new Error("the container has no network");
  return network;
}
