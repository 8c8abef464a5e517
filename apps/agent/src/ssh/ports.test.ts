import { once } from "node:events";
import { connect } from "node:net";
import ssh2 from "ssh2";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { audited } from "../testing/audited.ts";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { run } from "../testing/ssh-server.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";
import { createCrowd, MOST_CONNECTIONS } from "./crowd.ts";

const newKey = (): { public: string; private: string } => ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
const OWN = newKey();

let agent: TestAgent;

beforeAll(async () => {
  const adapters = createFakeAdapters({ programs: { "/bin/sh": ({ argv }) => ({ stdout: `ran ${argv.at(-1)}` }) } });
  agent = await startTestAgent({ adapters: () => adapters });
  for (const name of ["alpha", "beta"]) await agent.local.workspaces.create({ name });
});
afterAll(() => agent[Symbol.asyncDispose]());

async function portOf(name: string): Promise<number> {
  return (await agent.local.workspaces.get({ name })).ports.ssh;
}

/** Resolves once it is cut off; what the other end had not read yet makes that a reset. */
function left(client: ssh2.Client): Promise<void> {
  return new Promise((resolve) => void client.once("close", () => resolve()));
}

async function isRefused(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port });
  onTestFinished(() => void socket.destroy());
  return once(socket, "connect").then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "ECONNREFUSED",
  );
}

/** Resolves with the port once there is one. */
async function opened(name: string): Promise<number> {
  await expect.poll(() => portOf(name)).toBeGreaterThan(0);
  return portOf(name);
}

async function logIn(port: number, { private: privateKey }: { private: string }): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  onTestFinished(() => void client.destroy());
  const ready = Promise.withResolvers<void>();
  client.on("ready", ready.resolve);
  client.on("error", ready.reject);
  client.on("close", () => ready.reject(new Error("closed")));
  client.connect({ host: "127.0.0.1", port, username: "whoever", privateKey });
  await ready.promise;
  return client;
}

test("a workspace has a port as long as it runs and somebody has a key, and that key lets in", async () => {
  expect(await portOf("alpha")).toBe(0);
  await agent.local.ssh.setKey({ key: OWN.public });
  const port = await opened("alpha");
  expect(await opened("beta")).not.toBe(port);
  const client = await logIn(port, OWN);
  expect(await run(client, "make")).toMatchObject({ out: "ran make", code: 0 });
  expect(await audited(agent.local)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ who: "local", action: "ssh", target: "alpha", outcome: "ok", details: { by: "port" } }),
      expect.objectContaining({
        who: "local",
        action: "exec",
        target: "alpha",
        details: expect.objectContaining({ by: "ssh" }),
      }),
    ]),
  );

  await agent.local.workspaces.rename({ name: "alpha", newName: "gamma" });
  expect(await portOf("gamma")).toBe(port);
  expect(await run(client, "again")).toMatchObject({ code: 0 });

  const closed = left(client);
  await agent.local.workspaces.stop({ name: "gamma" });
  await closed;
  await expect.poll(() => portOf("gamma")).toBe(0);
  await expect.poll(() => isRefused(port)).toBe(true);
  await agent.local.workspaces.start({ name: "gamma" });
  await opened("gamma");

  const before = await opened("beta");
  await agent.local.workspaces.delete({ name: "beta" });
  // The port learns of it from an event like everybody else.
  await expect.poll(() => isRefused(before)).toBe(true);
  await agent.local.ssh.setKey({});
  expect(await portOf("gamma")).toBe(0);
  await agent.local.workspaces.rename({ name: "gamma", newName: "alpha" });
  await agent.local.workspaces.create({ name: "beta" });
});

test("a key is good for what its owner may do, and as long as the owner is known", async () => {
  const [reader, writer, insider] = [newKey(), newKey(), newKey()];
  const made = async (name: string, scope: string, key: { public: string }): Promise<string> => {
    const { id, token } = await agent.local.tokens.create({ name, scope });
    await agent.remote(token).ssh.setKey({ key: key.public });
    return id;
  };
  await made("reader", "read", reader);
  const id = await made("writer", "write", writer);
  await made("insider", "workspace:alpha", insider);
  const port = await opened("alpha");
  await expect(logIn(port, reader)).rejects.toThrow();
  await expect(logIn(await opened("beta"), insider)).rejects.toThrow();
  expect(await run(await logIn(port, insider), "x")).toMatchObject({ code: 0 });
  const client = await logIn(port, writer);
  const closed = left(client);
  await agent.local.tokens.revoke({ token: id });
  await closed;
  await expect(logIn(port, writer)).rejects.toThrow();
});

test("who came by a key that is taken away or replaced is cut off, whoever else has one", async () => {
  const [kept, taken, replaced] = [newKey(), newKey(), newKey()];
  await agent.local.ssh.setKey({ key: OWN.public });
  const [one, two] = await Promise.all(
    [taken, replaced].map(async (key, index) => {
      const { token } = await agent.local.tokens.create({ name: `owner-${index}`, scope: "write" });
      const { ssh } = agent.remote(token);
      await ssh.setKey({ key: key.public });
      return ssh;
    }),
  );
  const port = await opened("alpha");
  const [own, first, second] = await Promise.all([OWN, taken, replaced].map((key) => logIn(port, key)));
  if (own === undefined || first === undefined || second === undefined) throw new Error("nobody came");
  const cut = [left(first), left(second)];
  await one?.setKey({});
  await cut[0];
  // The same once more changes nothing.
  await two?.setKey({ key: replaced.public });
  expect(await run(second, "still")).toMatchObject({ code: 0 });
  await two?.setKey({ key: kept.public });
  await cut[1];
  expect(await run(own, "still")).toMatchObject({ code: 0 });
  const mine = left(own);
  await agent.local.ssh.setKey({ key: newKey().public });
  await mine;
  expect(await run(await logIn(port, kept), "still")).toMatchObject({ code: 0 });
});

test("one connection more than a person may have is told so, and the audit too", async () => {
  const key = newKey();
  const { id, token } = await agent.local.tokens.create({ name: "busy", scope: "write" });
  await agent.remote(token).ssh.setKey({ key: key.public });
  const port = await opened("alpha");
  await Promise.all(Array.from({ length: MOST_CONNECTIONS }, () => logIn(port, key)));
  for (let tries = 0; tries < 2; tries += 1) {
    const client = await logIn(port, key);
    const over = left(client);
    const { err, code } = await run(client, "make");
    expect([err, code]).toEqual([expect.stringContaining("(too_many_requests)"), 255]);
    expect(err).toContain("ControlMaster");
    await over;
  }
  const refused = (await audited(agent.local)).filter(({ outcome }) => outcome === "too_many_requests");
  expect(refused).toMatchObject([{ who: `busy (${id})`, action: "ssh", target: "alpha", details: { by: "port" } }]);
});

test("wrong keys are counted, and lock nobody out of anything else", async () => {
  await agent.local.ssh.setKey({ key: OWN.public });
  const port = await opened("alpha");
  const tried: string[] = [];
  while (tried.length < 20 && tried.at(-1) !== "closed") {
    tried.push(
      await logIn(port, newKey()).then(
        () => "let in",
        (error: Error) => (/authentication/.test(error.message) ? "refused" : "closed"),
      ),
    );
  }
  // Two were tried already.
  expect(tried.length).toBeLessThanOrEqual(11);
  expect([...new Set(tried)]).toEqual(["refused", "closed"]);
  const { token } = await agent.local.tokens.create({ name: "other", scope: "read" });
  expect((await agent.remote(token).info()).hostname).not.toBe("");
  expect(await run(await logIn(port, OWN), "x")).toMatchObject({ code: 0 });
});

test("each person has so many connections, and another as many again", () => {
  const crowd = createCrowd();
  const leave = Array.from({ length: MOST_CONNECTIONS }, () => crowd.enter("ada"));
  expect(() => crowd.enter("ada")).toThrow(expect.objectContaining({ code: "too_many_requests" }));
  crowd.enter("bob");
  leave[0]?.();
  leave[0]?.();
  crowd.enter("ada");
  expect(() => crowd.enter("ada")).toThrow("32 SSH connections of yours");
});
