import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ClientConfig } from "./client-config.ts";
import { withCurrent, withToken, withWorker, workersOf } from "./known-workers.ts";
import { findTarget } from "./target.ts";

const DESK = { url: "https://desk.lan:7391", token: "of-desk", pin: "PIN", device: "tok-1" };

function keep(config: unknown): { WS_CONFIG_DIR: string } {
  const home = mkdtempSync(join(tmpdir(), "ws-client-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  writeFileSync(join(home, "client.json"), JSON.stringify(config));
  return { WS_CONFIG_DIR: home };
}

test("the seed's file with nothing but a host goes on meaning that host, and a token beside it is for that", async () => {
  const target = { kind: "http", url: "http://my-desktop:7391" };
  expect(await findTarget(keep({ worker: "my-desktop" }))).toEqual(target);
  expect(await findTarget(keep({ worker: "my-desktop", token: "T" }))).toEqual({ ...target, token: "T" });
});

test("a worker is meant by its name on this device, and comes with all that is needed to reach it", async () => {
  const env = keep({ worker: "desk", workers: { desk: { ...DESK, clientCert: "/c", clientKey: "/k", later: 1 } } });
  expect(await findTarget(env)).toEqual({
    kind: "http",
    url: "https://desk.lan:7391",
    token: "of-desk",
    pin: "PIN",
    clientCert: "/c",
    clientKey: "/k",
  });
});

test.each(["desk", "desk.lan", "desk.lan:7391", "https://desk.lan:7391"])(
  "%s in the surroundings is the worker that is known, with its token and its pin",
  (asked) => {
    const env = { ...keep({ workers: { desk: DESK, box: { url: "box" } } }), WS_WORKER: asked };
    expect(workersOf(env).current).toEqual({ name: "desk", ...DESK });
    expect(workersOf({ ...env, WS_TOKEN: "other" }).current).toMatchObject({ token: "other", pin: "PIN" });
  },
);

test("by plain http a worker that is known by https is not meant: no token goes there", () => {
  const env = { ...keep({ worker: "desk", workers: { desk: DESK } }), WS_WORKER: "http://desk.lan:7391" };
  expect(workersOf(env).current).toEqual({ name: "desk.lan", url: "http://desk.lan:7391" });
});

test("a token goes to no other worker than the one it was kept for", () => {
  const env = { ...keep({ worker: "box", token: "of-box", workers: { desk: DESK } }), WS_WORKER: "elsewhere" };
  expect(workersOf(env).current).toEqual({ name: "elsewhere", url: "http://elsewhere:7391" });
  // It was told before any worker was, and so is for the first one.
  expect(workersOf({ ...keep({ token: "T" }), WS_WORKER: "elsewhere" }).current).toMatchObject({ token: "T" });
});

test("another worker becomes the current one, and what the first was reached with is still there", () => {
  const first = withToken(withCurrent({}, "my-desk.lan"), "T");
  expect(first).toEqual({ worker: "http://my-desk.lan:7391", token: "T" });
  const second = withCurrent(first, "10.0.0.7");
  expect(second).toEqual({
    worker: "http://10.0.0.7:7391",
    workers: { "my-desk": { url: "http://my-desk.lan:7391", token: "T" } },
  });
  expect(withCurrent(second, "my-desk.lan")).toEqual({ ...second, worker: "my-desk" });
  expect(withCurrent(first, "my-desk.lan:7391")).toEqual(first);
});

test("a token is set and taken away where it belongs: with the worker that is named, else beside the address", () => {
  const named: ClientConfig = { worker: "desk", workers: { desk: DESK }, later: { x: 1 } };
  expect(withToken(named, "new")).toEqual({ ...named, workers: { desk: { ...DESK, token: "new" } } });
  const { token: _old, ...without } = DESK;
  expect(withToken(named, undefined)).toEqual({ ...named, workers: { desk: without } });
  expect(withToken({ worker: "http://box:7391", token: "old" }, undefined)).toEqual({ worker: "http://box:7391" });
});

test("a worker that this device paired with becomes the current one, under its name as before or one that is free", () => {
  const paired = { url: "https://desk.lan:7391", token: "new", pin: "NEW", device: "tok-2", wanted: "Desk.lan" };
  const first = withWorker({ worker: "other", token: "T", later: 1 }, paired);
  expect(first).toEqual({
    name: "desk",
    config: {
      worker: "desk",
      later: 1,
      workers: {
        other: { url: "http://other:7391", token: "T" },
        desk: { url: "https://desk.lan:7391", token: "new", pin: "NEW", device: "tok-2" },
      },
    },
  });
  const before = {
    worker: "mine",
    workers: { mine: { ...DESK, url: "http://desk.lan:7391", clientCert: "/c", x: 1 } },
  };
  expect(withWorker(before, paired).config.workers).toEqual({
    mine: { url: "https://desk.lan:7391", token: "new", pin: "NEW", device: "tok-2", clientCert: "/c", x: 1 },
  });
  const { pin: _pin, ...readable } = { ...paired, url: "http://desk.lan:7391" };
  // Without TLS there is nothing to compare with.
  expect(withWorker(before, readable).config.workers?.["mine"]).not.toHaveProperty("pin");
  // What was known by its address alone is known by its name from now on.
  expect(withWorker({ worker: "desk.lan", token: "old" }, paired).config).toEqual({
    worker: "desk",
    workers: { desk: { url: "https://desk.lan:7391", token: "new", pin: "NEW", device: "tok-2" } },
  });
});

test("two workers of one host name have two names here", () => {
  const config = withCurrent({ worker: "desk.b.lan", token: "B", workers: { desk: DESK } }, "other");
  expect(Object.keys(config.workers ?? {})).toEqual(["desk", "desk-2"]);
});
