import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startLocalAgent, type LocalAgent } from "../testing/local-agent.ts";
import { createSecondDevice, startCommand, type SecondDevice } from "../testing/second-device.ts";
import { startTlsRelay } from "../testing/tls-relay.ts";

let worker: LocalAgent;
let port: string;

beforeAll(async () => {
  worker = await startLocalAgent({ WS_TLS: "self" });
  ({ port } = new URL(worker.url));
});
afterAll(() => worker[Symbol.asyncDispose]());

function device(env: Record<string, string> = {}): SecondDevice {
  const made = createSecondDevice(env);
  onTestFinished(() => made[Symbol.dispose]());
  return made;
}

async function openCode(...flags: string[]) {
  const running = startCommand({ WS_CONFIG_DIR: worker.configDirectory }, "pair", ...flags);
  const [, code = ""] = await running.said(/Code +(\S{4}-\S{4})[^]*Waiting for the device/);
  return { code, running };
}

describe("a device that knows no worker", () => {
  test("pairs by TLS, keeps what it saw, is listed, and is cut off when it is revoked", async () => {
    const laptop = device();
    const { code, running } = await openCode("--scope", "write");
    expect(running.io.out()).toContain(`  Type there  ws pair 127.0.0.1:${port} ${code}\n`);
    const paired = await laptop.ws("pair", `127.0.0.1:${port}`, code);
    expect(paired).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\S+ {2}paired {2}https:\/\/127\.0\.0\.1:\d+\n$/) as string,
    });
    expect(await running.ended).toBe(0);
    expect(running.io.out()).toMatch(/ {2}paired {2}linux {2}tok-/);
    const [name = ""] = paired.out.split(" ");
    expect(laptop.kept()).toEqual({
      worker: name,
      workers: {
        [name]: {
          url: `https://127.0.0.1:${port}`,
          token: expect.stringMatching(/^wst_/) as string,
          device: expect.stringMatching(/^tok-/) as string,
          pin: expect.stringMatching(/^[\w-]{43}$/) as string,
        },
      },
    });
    expect(await laptop.ws("list", "--json")).toMatchObject({ code: 0, out: "[]\n" });
    const { out } = await laptop.ws("devices");
    expect(out).toMatch(/^NAME[^]*\(this one\) +cli +linux +write +/);
    expect((await worker.ws(["devices", "revoke", idIn(out), "--yes"])).out).toContain("revoked");
    expect(await laptop.ws("list")).toMatchObject({
      code: 6,
      err: expect.stringContaining("The token was revoked.") as string,
    });
  });

  test("pairs with a link as it was sent, and again later in place of what it was", async () => {
    const laptop = device();
    const first = await openCode();
    await laptop.ws("pair", `https://127.0.0.1:${port}/#pair=${first.code}`);
    expect(await first.running.ended).toBe(0);
    const second = await openCode();
    // Its worker is known by now.
    expect(await laptop.ws("pair", second.code, "--json")).toMatchObject({ code: 0, err: "" });
    await second.running.ended;
    expect(Object.keys((laptop.kept() as { workers: object }).workers)).toHaveLength(1);
    const list = JSON.parse((await worker.ws(["devices", "--json"])).out) as unknown[];
    expect(list).toHaveLength(1);
    const [{ id }] = list as [{ id: string }];
    expect(await laptop.ws("devices", "revoke", id, "--yes")).toMatchObject({ code: 0 });
    expect(JSON.stringify(laptop.kept())).not.toContain("wst_");
  });

  test("pairs with a worker whose name was set before, by TLS though nobody said so", async () => {
    const laptop = device();
    await laptop.ws("config", "set", "worker", `localhost:${port}`);
    const { code } = await openCode();
    expect(await laptop.ws("pair", code)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`https://localhost:${port}`) as string,
    });
  });

  test("meets somebody in between with another certificate, and gives and keeps nothing", async () => {
    const laptop = device();
    await using other = await startLocalAgent({ WS_TLS: "self" });
    using relay = await startTlsRelay(Number(port), other.configDirectory);
    const { code, running } = await openCode();
    const met = await laptop.ws("pair", `127.0.0.1:${relay.port}`, code);
    expect(met).toMatchObject({ code: 6, err: expect.stringContaining("(pairing_failed)") as string });
    await running.said(/A wrong code came from 127\.0\.0\.1; 4 more/);
    expect(() => laptop.kept()).toThrow("ENOENT");
    expect(relay.read()).toContain("pairing/finish");
    for (const secret of [code, code.replace("-", ""), "wst_"]) expect(relay.read()).not.toContain(secret);
    running.signal("SIGINT");
    expect(await running.ended).toBe(130);
  });
});

describe("the code", () => {
  test("is closed by Ctrl-C, and is no good from then on", async () => {
    const { code, running } = await openCode();
    running.signal("SIGINT");
    expect(await running.ended).toBe(130);
    expect(running.io.err()).toContain("nobody can pair with this code any more");
    expect(await device().ws("pair", `127.0.0.1:${port}`, code)).toMatchObject({
      code: 6,
      err: expect.stringContaining("Make a new one on the worker: ws pair.") as string,
    });
  });

  test("ends where another one is made", async () => {
    const [first, second] = [await openCode(), await openCode()];
    expect(await first.running.ended).toBe(1);
    expect(first.running.io.err()).toContain("Another code was made in place of this one.");
    second.running.signal("SIGTERM");
    await second.running.ended;
  });

  test.each([
    [["pair", "K7QM-4XTR"], "which worker it is of is not known here"],
    [["pair", "127.0.0.1:1", "hello"], "'hello' is not a pairing code"],
    [["pair", "127.0.0.1:1", "K7QM-4XTR", "--scope", "read"], "What a device may do is said where the code is made."],
    [["--on", "desk", "pair", "127.0.0.1", "K7QM-4XTR"], "Leave out --on."],
  ])("wrong use, %j, is told in a sentence and changes nothing", async (argv, says) => {
    const laptop = device();
    const { code, err } = await laptop.ws(...argv);
    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
    expect(() => laptop.kept()).toThrow("ENOENT");
  });
});

describe("where no worker answers", () => {
  test.each([
    ["127.0.0.1:1", "No worker answers at 127.0.0.1:1: nothing listens there.", 5],
    ["127.0.0.1:1", "Check the port: it is this machine's own agent's", 5],
    ["no-such-host.invalid", "No worker answers at no-such-host.invalid:7391: ", 5],
    ["no-such-host.invalid", "on no-such-host.invalid listens beyond itself", 5],
    ["ada@desk", "'ada@desk' names a user, and a worker is reached without one.", 2],
    ["ftp://desk", "'ftp://desk' is not a worker's address.", 2],
    ["[fd00::zz]", "'[fd00::zz]' is not a worker's address.", 2],
  ])("%s: the sentence says why", async (address, says, code) => {
    const met = await device().ws("pair", address, "K7QM-4XTR");
    expect([met.code, met.err]).toEqual([code, expect.stringContaining(says)]);
  });

  test("a web server of another kind is told apart from one", async () => {
    const server = createServer((_request, response) => response.end("<h1>It works!</h1>")).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { err } = await device().ws("pair", address, "K7QM-4XTR");
    expect(err).toContain(`No worker answers at ${address}: what answers there is no worker.`);
  });
});

function idIn(table: string): string {
  return /tok-\w+/.exec(table)?.[0] ?? "";
}
