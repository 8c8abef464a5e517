import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { startLocalAgent, type LocalAgent } from "../testing/local-agent.ts";
import { createSecondDevice, startAtTerminal, startCommand, type SecondDevice } from "../testing/second-device.ts";

let hub: LocalAgent;
let desk: LocalAgent;
let laptop: SecondDevice;

/** Pairs the laptop with a worker, which it calls so from then on. */
async function pair(worker: LocalAgent, name: string): Promise<void> {
  const running = startCommand({ WS_CONFIG_DIR: worker.configDirectory }, "pair");
  const [, code = ""] = await running.said(/Code +(\S{4}-\S{4})[^]*Waiting for the device/);
  const paired = await laptop.ws("pair", worker.url, code);
  expect(paired).toMatchObject({ code: 0, err: expect.stringContaining("ws worker use NAME") as string });
  await running.ended;
  const [given = ""] = paired.out.split(" ");
  expect((await laptop.ws("worker", "rename", given, name, "--from", "device")).out).toBe(`${given}  is now ${name}\n`);
}

beforeAll(async () => {
  hub = await startLocalAgent();
  const { out } = await hub.ws(["worker", "add", "desk"]);
  desk = await startLocalAgent({ WS_HUB_URL: hub.url, WS_HUB_TOKEN: out.trim() });
  laptop = createSecondDevice();
  const isThere = async () => expect((await hub.ws(["worker", "list"])).out).toMatch(/^desk +this machine +online/m);
  await vi.waitFor(isThere, { timeout: 5_000 });
  await pair(desk, "desk");
  await pair(hub, "hub");
}, 30_000);

afterAll(async () => {
  laptop[Symbol.dispose]();
  await desk[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

describe("the workers of a device", () => {
  test("are listed with those behind the one in use, which is another one on a word", async () => {
    const first = await laptop.ws("worker", "list");
    expect(first.out).toMatch(/^NAME +VIA +STATE/);
    expect(first.out).toMatch(/^desk +device +online +now +0 /m);
    expect(first.out).toMatch(/^hub \(in use\) +device +online +now +0 /m);
    expect(first.out).toMatch(/^desk +hub +online +now +0\/0 +\d+ +write/m);
    expect(await laptop.ws("worker", "use", "desk")).toEqual({ code: 0, out: `desk  in use  ${desk.url}\n`, err: "" });
    const listed = JSON.parse((await laptop.ws("worker", "list", "--json")).out) as object[];
    expect(listed).toEqual([
      expect.objectContaining({ name: "desk", via: "device", current: true, url: desk.url, workspaces: 0 }),
      expect.not.objectContaining({ current: true }),
    ]);
    expect((await laptop.ws("info")).out).toContain(desk.url);
    expect(await laptop.ws("worker", "use", "hub", "--json")).toMatchObject({ code: 0, err: "" });
  });

  test("are not left for one that this device does not know, nor for one behind another", async () => {
    const before = laptop.kept();
    for (const [argv, code] of [
      [["worker", "use", "nobody"], 3],
      [["--on", "desk", "worker", "use", "desk"], 2],
    ] as const) {
      expect((await laptop.ws(...argv)).code).toBe(code);
    }
    expect(laptop.kept()).toEqual(before);
  });

  test("are renamed here, and never to another's name", async () => {
    const before = laptop.kept();
    const rename = (name: string) => laptop.ws("worker", "rename", "desk", name, "--from", "device");
    expect(await rename("hub")).toMatchObject({ code: 4, err: expect.stringContaining("(name_taken)") as string });
    expect((await rename("../desk")).code).toBe(2);
    expect(laptop.kept()).toEqual(before);
  });

  test("one that is silent is listed as away, and forgotten all the same", async () => {
    const other = createSecondDevice({ WS_WORKER: "gone" });
    onTestFinished(() => other[Symbol.dispose]());
    const gone = { url: "http://127.0.0.1:9", token: "of-nobody", device: "tok-1" };
    const kept = { workers: { gone, late: { url: hub.url, token: "wrong" } }, worker: "late", later: 1 };
    writeFileSync(join(other.configDirectory, "client.json"), JSON.stringify(kept));
    const { code, out, err } = await other.ws("worker", "list");
    expect(code).toBe(0);
    expect(out).toMatch(/^gone \(in use\) +device +offline +- /m);
    expect(out).toMatch(/^late +device +refused +- /m);
    expect(err).toMatch(/^gone: .*does not answer/m);
    expect((await other.ws("worker", "use", "late")).err).toContain("WS_WORKER is 'gone' here");
    const removed = await other.ws("worker", "remove", "gone", "--yes");
    expect(removed).toMatchObject({ code: 0, out: "gone  removed\n" });
    expect(removed.err).toContain("ws devices revoke tok-1");
    expect(other.kept()).toEqual({ workers: { late: kept.workers.late }, worker: "late", later: 1 });
  });
});

describe("a name that this device and the hub have both", () => {
  test("is removed from neither before somebody says which, and with yes alone neither", async () => {
    const before = laptop.kept();
    const refused = await laptop.ws("worker", "remove", "desk", "--yes");
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain("ws worker remove desk --from device, or --from hub.");
    const env = { WS_CONFIG_DIR: laptop.configDirectory };
    const asked = startAtTerminal(env, "worker", "remove", "desk", "--yes");
    await asked.said(/Which one\? \[device\/hub\]/);
    asked.type("y");
    expect(await asked.ended).toBe(2);
    expect(laptop.kept()).toEqual(before);
    expect((await hub.ws(["worker", "list"])).out).toMatch(/^desk .* online/m);
  });

  test("is removed from the device, which ends what it had there, and then from the hub", async () => {
    expect((await desk.ws(["devices", "list", "--json"])).out).toContain("tok-");
    const env = { WS_CONFIG_DIR: laptop.configDirectory };
    const asked = startAtTerminal(env, "worker", "remove", "desk");
    await asked.said(/Which one\? \[device\/hub\]/);
    asked.type("device");
    await asked.said(/Remove\? \[y\/N\]/);
    asked.type("y");
    expect(await asked.ended).toBe(0);
    expect(laptop.kept()).toEqual({ worker: "hub", workers: { hub: expect.objectContaining({ url: hub.url }) } });
    expect((await desk.ws(["devices", "list", "--json"])).out).toBe("[]\n");
    expect((await hub.ws(["worker", "list"])).out).toMatch(/^desk .* online/m);
    expect(await laptop.ws("worker", "remove", "desk", "--yes")).toMatchObject({ code: 0, out: "desk  removed\n" });
    await expect.poll(async () => (await hub.ws(["worker", "list", "--json"])).out).toBe("[]\n");
  });
});
