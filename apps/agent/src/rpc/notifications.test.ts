import { beforeAll, describe, expect, test } from "vitest";
import { createPushBrowser } from "../testing/push-browser.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
beforeAll(async () => {
  agent = await startTestAgent();
  return () => agent[Symbol.asyncDispose]();
});

describe("a browser that is to be told", () => {
  const { endpoint, keys } = createPushBrowser("https://web.push.apple.com/QGuQyavXutnMH");

  test("is its own caller's: nobody else sees, changes or ends it, and it ends with the token", async () => {
    const [own, other] = [await agent.scoped("read"), await agent.scoped("admin")];
    expect(await own.notifications.show({ endpoint })).toEqual({});
    await own.notifications.subscribe({ endpoint, keys, kinds: ["asks", "failed"] });
    expect(await own.notifications.show({ endpoint })).toEqual({ kinds: ["asks", "failed"] });
    expect(await other.notifications.show({ endpoint })).toEqual({});
    await other.notifications.unsubscribe({ endpoint });
    await expect(other.notifications.test({ endpoint })).rejects.toMatchObject({ data: { code: "browser_unknown" } });
    await own.notifications.subscribe({ endpoint, keys, kinds: ["finished"] });
    expect(await own.notifications.show({ endpoint })).toEqual({ kinds: ["finished"] });
    await own.notifications.unsubscribe({ endpoint });
    expect(await own.notifications.show({ endpoint })).toEqual({});
  });

  test("names a push service, and nothing else that the worker can reach", async () => {
    const client = await agent.scoped("admin");
    for (const address of [
      "https://127.0.0.1/x",
      "https://169.254.169.254/latest",
      "https://router.lan/x",
      "https://fcm.googleapis.com.evil.test/x",
      "https://evilpush.apple.com.evil.test/x",
      "https://user:word@fcm.googleapis.com/x",
    ]) {
      const subscribing = client.notifications.subscribe({ endpoint: address, keys, kinds: ["asks"] });
      await expect(subscribing).rejects.toMatchObject({ data: { code: "push_service_unknown" } });
    }
    const plain = client.notifications.subscribe({
      endpoint: "http://fcm.googleapis.com/x",
      keys,
      kinds: ["asks"],
    });
    await expect(plain).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await client.config.settings.set({ key: "notifications.services", value: [".push.example.com"] });
    const further = "https://a.push.example.com/x";
    await client.notifications.subscribe({ endpoint: further, keys, kinds: ["asks"] });
    expect(await client.notifications.show({ endpoint: further })).toEqual({ kinds: ["asks"] });
  });

  test("is told by who looks whether anybody is told at all; the local socket's user is no browser", async () => {
    const reader = await agent.scoped("read");
    const { endpoint: phone, keys: phoneKeys } = createPushBrowser("https://fcm.googleapis.com/fcm/send/phone");
    await reader.notifications.subscribe({ endpoint: phone, keys: phoneKeys, kinds: ["asks"] });
    expect(await reader.notifications.look({ here: true })).toEqual({ told: true });
    expect(await agent.local.notifications.look({ here: true })).toEqual({ told: true });
  });

  test("subscribes with a key that is the worker's for good; the local socket is no browser", async () => {
    const client = await agent.scoped("read");
    const { publicKey } = await client.notifications.key();
    expect(Buffer.from(publicKey, "base64url")).toHaveLength(65);
    expect(await agent.local.notifications.key()).toEqual({ publicKey });
    const byHand = agent.local.notifications.subscribe({ endpoint, keys, kinds: ["asks"] });
    await expect(byHand).rejects.toMatchObject({ data: { code: "invalid_input" } });
  });

  test("has a key that is a point of its curve, and is one of the last ten of its token", async () => {
    const client = await agent.scoped("read");
    const p256dh = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 7)]).toString("base64url");
    const wrong = client.notifications.subscribe({ endpoint, keys: { ...keys, p256dh }, kinds: ["asks"] });
    await expect(wrong).rejects.toMatchObject({ data: { code: "invalid_input" } });
    const places = Array.from({ length: 12 }, (_, at) => `https://fcm.googleapis.com/fcm/send/${at}`);
    for (const place of places) await client.notifications.subscribe({ endpoint: place, keys, kinds: ["asks"] });
    const shown = await Promise.all(places.map((place) => client.notifications.show({ endpoint: place })));
    expect(shown.map(({ kinds }) => kinds !== undefined)).toEqual(places.map((_, at) => at >= 2));
  });
});
