import { readFileSync } from "node:fs";
import { join } from "node:path";
import { safe } from "@orpc/client";
import type { PairingEvent } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { pairDevice, WorkerNotProven } from "@ws/rpc-contract/pair-device";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { audited } from "../testing/audited.ts";
import { json } from "../testing/headers.ts";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

const LAPTOP = { name: "laptop", kind: "cli", platform: "linux" } as const;
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDeviceKeyOfNobody ada@laptop";

let agent: TestAgent;
let local: AgentClient;

beforeAll(async () => {
  agent = await startTestAgent();
  local = agent.local;
});
afterAll(() => agent[Symbol.asyncDispose]());
afterEach(async () => {
  for (const { id: device } of await local.devices.list()) await local.devices.revoke({ device });
});

async function pair(device: Parameters<typeof pairDevice>[0]["device"] = LAPTOP, scope?: "read" | "write" | "admin") {
  const { id, code } = await local.pairing.open(scope === undefined ? {} : { scope });
  const paired = await pairDevice({
    client: agent.remote("none"),
    code: code.replace("-", ""),
    device,
    pin: "",
  });
  return { id, code, ...paired };
}

/** The same calls, with what is sent written down. */
function overheard({ begin, finish }: AgentClient["pairing"], sent: string[]) {
  const note = <I, O>(call: (input: I) => Promise<O>, input: I): Promise<O> => {
    sent.push(JSON.stringify(input));
    return call(input);
  };
  return {
    begin: (input: Parameters<typeof begin>[0]) => note(begin, input),
    finish: (input: Parameters<typeof finish>[0]) => note(finish, input),
  };
}

async function signIn(platform?: string) {
  const { url } = await local.auth.link();
  const code = url.split("#code=")[1] ?? "";
  return agent.remote("none").auth.exchange({ code, ...(platform === undefined ? {} : { platform }) });
}

describe("a device pairs", () => {
  test("by the code alone, which neither the log nor the network ever has, and whoever watches is told of it", async () => {
    const sent: string[] = [];
    const { id, code, link, reach } = await local.pairing.open({ scope: "read" });
    expect([link, reach]).toEqual([`${agent.agent.url}/#pair=${code}`, "machine"]);
    const watched = Array.fromAsync(await local.pairing.watch({ id }));
    const client = { pairing: overheard(agent.remote("none").pairing, sent) };
    const bare = code.replace("-", "");
    const wrong = await safe(pairDevice({ client, code: "WRNGWRNG", device: LAPTOP, pin: "" }));
    expect(wrong.error).toMatchObject({ code: "FORBIDDEN", data: { code: "pairing_failed" } });
    const paired = await pairDevice({ client, code: bare, device: LAPTOP, pin: "" });
    const { token, device } = paired;
    expect(paired).toMatchObject({ name: "laptop", scope: "read", worker: { version: "0.1.0" } });
    expect(await watched).toEqual([
      { type: "refused", peer: "127.0.0.1", left: 4 },
      { type: "paired", device: expect.objectContaining({ id: device, scope: "read", own: false }) as never },
    ] satisfies PairingEvent[]);
    expect(sent).toHaveLength(4);
    for (const text of [...sent, readFileSync(join(agent.configDirectory, "agent.log"), "utf8")]) {
      expect(text).not.toContain(bare);
      expect(text).not.toContain(code);
    }
    expect((await agent.remote(token).auth.whoami()).who).toBe(`laptop (${device})`);
    expect((await audited(local, 1))[0]).toMatchObject({ action: "pairing.finish", target: device });
    expect(await refusal(agent.remote(token).workspaces.create({ name: "x" }))).toBe("FORBIDDEN forbidden");
    // A code that was used is refused in the same words as a wrong one.
    const used = await safe(pairDevice({ client, code: bare, device: LAPTOP, pin: "" }));
    expect(used.error?.message).toBe(wrong.error?.message);
  });

  test("a browser that pairs ends when it is not used for a month, and a command line does not", async () => {
    await pair({ name: "phone", kind: "browser", platform: "Chrome on Android" });
    const [{ expires = "" } = {}] = await local.devices.list();
    expect(Math.round((Date.parse(expires) - Date.now()) / 86_400_000)).toBe(30);
  });

  test("an impostor that takes every code is found out before anything of it is kept", async () => {
    const nonce = Buffer.alloc(16).toString("base64url");
    const impostor = {
      begin: async () => ({ session: "s", nonce, pin: "", worker: { id: "w", name: "desk", version: "1" } }),
      finish: async () => ({ token: "wst_theirs", device: "tok-1", name: "laptop", scope: "admin", proof: nonce }),
    } as unknown as AgentClient["pairing"];
    const attempt = pairDevice({ client: { pairing: impostor }, code: "K7QM4XTR", device: LAPTOP, pin: "" });
    await expect(attempt).rejects.toThrow(WorkerNotProven);
  });

  test.each(["begin", "finish"] as const)(
    "%s is a POST without a token over both interfaces, and no other site's page reaches it",
    async (step) => {
      const bodies = {
        begin: { nonce: "A".repeat(22) },
        finish: { session: "s", proof: "A".repeat(43), device: LAPTOP },
      };
      for (const [path, body] of [
        [`/rpc/pairing/${step}`, { json: bodies[step] }],
        [`/api/pairing/${step}`, bodies[step]],
      ] as const) {
        const ask = (headers: Record<string, string>) =>
          agent.ask(path, { method: "POST", body: JSON.stringify(body), headers: { ...json, ...headers } });
        expect((await ask({ origin: "https://evil.test", "sec-fetch-site": "cross-site" })).status).toBe(403);
        expect(JSON.parse((await ask({})).text)).not.toMatchObject({ code: "UNAUTHORIZED" });
      }
    },
  );

  test("a code ends with the device or the token that opened it, and is refused like any other that is over", async () => {
    const { token, id: device } = await signIn();
    const script = await local.tokens.create({ name: "bot", scope: "admin" });
    for (const [opener, revoke] of [
      [token, () => local.devices.revoke({ device })],
      [script.token, () => local.tokens.revoke({ token: script.id })],
    ] as const) {
      const { id, code } = await agent.remote(opener).pairing.open({});
      const client = agent.remote("none");
      const asked = { client, code: code.replace("-", ""), device: LAPTOP, pin: "" };
      await revoke();
      expect(await refusal(pairDevice(asked))).toBe("FORBIDDEN pairing_failed");
      expect(await Array.fromAsync(await local.pairing.watch({ id }))).toEqual([{ type: "ended", why: "closed" }]);
    }
    expect(await local.devices.list()).toEqual([]);
    // Whoever revokes goes on to let others in.
    const { code } = await local.pairing.open({});
    const paired = await pairDevice({
      client: agent.remote("none"),
      code: code.replace("-", ""),
      device: LAPTOP,
      pin: "",
    });
    expect(paired.scope).toBe("admin");
  });

  test("only an administrator opens, watches or closes a pairing", async () => {
    const writer = await agent.scoped("write");
    expect(await refusal(writer.pairing.open({}))).toBe("FORBIDDEN forbidden");
    expect(await refusal(writer.pairing.close({ id: "pair-1" }))).toBe("FORBIDDEN forbidden");
    expect(await refusal(writer.pairing.watch({ id: "pair-1" }))).toBe("FORBIDDEN forbidden");
  });
});

describe("devices", () => {
  test("each has a name of its own, and tokens for scripts stand elsewhere", async () => {
    const [first, second] = [await signIn("Firefox on Linux"), await signIn()];
    await local.tokens.create({ name: "ci" });
    expect((await local.devices.list()).map(({ name, platform }) => [name, platform])).toEqual([
      ["browser", "Firefox on Linux"],
      ["browser-2", ""],
    ]);
    const scripts = (await local.tokens.list()).map(({ name }) => name);
    expect(scripts.filter((name) => name === "ci" || name.startsWith("browser"))).toEqual(["ci"]);
    expect(JSON.stringify(await local.devices.list())).not.toContain(first.token);
    const { devices } = local;
    expect(await refusal(devices.rename({ device: "browser-2", newName: "browser" }))).toBe("CONFLICT name_taken");
    expect(await refusal(devices.rename({ device: "browser", newName: "\u001b[2J" }))).toBe(
      "BAD_REQUEST invalid_input",
    );
    expect(await devices.rename({ device: second.id, newName: "phone" })).toMatchObject({ name: "phone" });
    await devices.revoke({ device: "phone" });
    expect(await refusal(agent.remote(second.token).info())).toBe("UNAUTHORIZED unauthorized");
    expect(await refusal(devices.revoke({ device: "phone" }))).toBe("NOT_FOUND device_not_found");
  });

  test("revoking a device leaves a token for scripts of the same name alone", async () => {
    const { token } = await local.tokens.create({ name: "browser" });
    await signIn();
    await local.devices.revoke({ device: "browser" });
    expect((await agent.remote(token).auth.whoami()).scope).toBe("write");
    await local.tokens.revoke({ token: "browser" });
  });

  test("one that may only read sees and changes itself, and learns of no other", async () => {
    const reader = await pair(LAPTOP, "read");
    const other = await signIn();
    const { devices } = agent.remote(reader.token);
    expect(await devices.list()).toEqual([expect.objectContaining({ id: reader.device, own: true })]);
    expect(await devices.rename({ device: reader.device, newName: "mine" })).toMatchObject({ name: "mine" });
    for (const device of [other.id, "browser", "nobody"]) {
      expect(await refusal(devices.revoke({ device }))).toBe("FORBIDDEN forbidden");
      expect(await refusal(devices.setKey({ device, sshKey: KEY }))).toBe("FORBIDDEN forbidden");
    }
    expect((await audited(local)).find(({ action }) => action === "devices.rename")).toMatchObject({
      target: reader.device,
      details: { newName: "mine" },
    });
    await devices.revoke({ device: "mine" });
    expect(await refusal(devices.list())).toBe("UNAUTHORIZED unauthorized");
  });

  test("a token that is no device's changes none", async () => {
    await signIn();
    const { devices } = await agent.scoped("write");
    expect(await devices.list()).toEqual([]);
    expect(await refusal(devices.revoke({ device: "browser" }))).toBe("FORBIDDEN forbidden");
  });

  test("its SSH key is kept with it, is one line of a public key, and goes again", async () => {
    const { id: device } = await signIn();
    expect(await local.devices.setKey({ device, sshKey: KEY })).toMatchObject({ sshKey: KEY });
    for (const bad of [
      ["-----BEGIN OPENSSH", "PRIVATE KEY-----"].join(" "),
      `${KEY}\n${KEY}`,
      `command="x" ${KEY}`,
      "",
    ]) {
      expect(await refusal(local.devices.setKey({ device, sshKey: bad }))).toBe("BAD_REQUEST invalid_input");
    }
    expect(await local.devices.list()).toMatchObject([{ sshKey: KEY }]);
    expect(await local.devices.setKey({ device })).not.toHaveProperty("sshKey");
  });

  test("what it has open is closed when it is revoked, with the reason (OpenClaw GHSA-m8wm)", async () => {
    const { token, id: device } = await signIn();
    const open = await agent.remote(token).workspaces.events();
    const end = Array.fromAsync(open);
    await local.devices.revoke({ device });
    await expect(end).rejects.toThrow("The token was revoked.");
  });
});
