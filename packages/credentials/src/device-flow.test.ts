import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { Clock } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { beginDeviceLogin } from "./device-flow.ts";
import { startFakeGitHub, type FakeGitHub } from "./testing/index.ts";

const PENDING = { error: "authorization_pending" };

test("a person is shown a code, and once they have agreed the login is there", async () => {
  await using fake = await start();
  const secret = randomBytes(20).toString("hex");
  fake.device.answers = [PENDING, { access_token: secret, token_type: "bearer", scope: "repo" }];
  const { clock, waited } = patientClock();
  const login = await beginDeviceLogin({ ...optionsFor(fake, clock), scopes: ["repo", "workflow"] });
  expect(login).toMatchObject({ userCode: "ABCD-1234", verificationUri: expect.stringMatching(/\/login\/device$/) });
  const finished = login.finish();
  for (const waits of [[5_000], [5_000, 5_000]]) await waited(waits);
  expect((await finished).token.reveal()).toBe(secret);
  expect(fake.device.forms[0]).toEqual({ client_id: "client", scope: "repo workflow" });
});

test("a forge that is away for a moment ends no login", async () => {
  await using fake = await start();
  fake.device.answers = [{ access_token: "x".repeat(20) }];
  const { clock, waited } = patientClock();
  const login = await beginDeviceLogin(optionsFor(fake, clock));
  fake.faults = [0, 502].map((status) => ({ request: "POST /login/oauth/access_token", status }));
  const finished = login.finish();
  for (const waits of [[5_000], [5_000, 5_000], [5_000, 5_000, 5_000]]) await waited(waits);
  expect((await finished).token.reveal()).toBe("x".repeat(20));
});

test("a forge that wants to be asked less often is", async () => {
  await using fake = await start();
  fake.device.answers = [
    { error: "slow_down", interval: 10 },
    { error: "slow_down" },
    { access_token: "x".repeat(20) },
  ];
  const { clock, waited } = patientClock();
  const login = await beginDeviceLogin(optionsFor(fake, clock));
  const finished = login.finish();
  for (const waits of [[5_000], [5_000, 10_000], [5_000, 10_000, 15_000]]) await waited(waits);
  expect((await finished).token.lastFour).toBe("xxxx");
});

test.each([
  ["refused", { error: "access_denied" }, "credential_rejected", "was refused there"],
  ["too late", { error: "expired_token" }, "credential_expired", "has expired"],
  ["refused for another reason", { error: "unsupported_grant_type" }, "credential_rejected", "unsupported_grant_type"],
])("a login that is %s says so", async (_how, answer, code, words) => {
  await using fake = await start();
  fake.device.answers = [answer];
  const clock = createManualClock();
  const finished = (await beginDeviceLogin(optionsFor(fake, clock))).finish();
  await clock.idle();
  clock.advance(5_000);
  await expect(finished).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
});

test("a code that nobody used ends by this machine's clock too", async () => {
  await using fake = await start();
  fake.device.answers = [PENDING];
  const clock = createManualClock();
  const login = await beginDeviceLogin(optionsFor(fake, clock));
  clock.advance(900_000);
  const finished = login.finish();
  await clock.idle();
  clock.advance(5_000);
  await expect(finished).rejects.toMatchObject({ code: "credential_expired" });
});

test("waiting ends at once when it is told to", async () => {
  await using fake = await start();
  const login = await beginDeviceLogin(optionsFor(fake, createManualClock()));
  const stop = new AbortController();
  const finished = login.finish(stop.signal);
  stop.abort();
  await expect(finished).rejects.toMatchObject({ code: "aborted" });
});

test("without a client id, and with one that the forge does not know, the setting is named", async () => {
  await using fake = await start();
  const clock = createManualClock();
  await expect(beginDeviceLogin({ ...optionsFor(fake, clock), clientId: "" })).rejects.toMatchObject({
    code: "credential_invalid",
    next: expect.stringContaining("github.clientId"),
  });
  fake.faults = [{ request: "POST /login/device/code", status: 200, body: { error: "device_flow_disabled" } }];
  await expect(beginDeviceLogin(optionsFor(fake, clock))).rejects.toMatchObject({
    code: "credential_rejected",
    message: expect.stringContaining("device_flow_disabled"),
  });
});

/** A clock that tells which waits were begun, other than those that only limit a request. */
function patientClock() {
  const manual = createManualClock();
  const waits: number[] = [];
  const clock: Clock = {
    ...manual,
    sleep: (ms, signal) => {
      if (ms !== LIMIT_MS) waits.push(ms);
      return manual.sleep(ms, signal);
    },
  };
  return {
    clock,
    /** Waits for these waits to have been begun, and ends the last one. */
    async waited(expected: number[]) {
      await expect.poll(() => waits).toEqual(expected);
      manual.advance(expected.at(-1) ?? 0);
    },
  };
}

/** How long a request may take. */
const LIMIT_MS = 30_000;

function start(): Promise<FakeGitHub> {
  return startFakeGitHub({ appId: "7", publicKey: generateKeyPairSync("ed25519").publicKey });
}

function optionsFor(fake: FakeGitHub, clock: Clock) {
  return { clientId: "client", host: "github.com", apiUrl: fake.apiUrl, clock, fetch: globalThis.fetch };
}
