import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { setImmediate } from "node:timers/promises";
import { getEventMeta } from "@orpc/client";
import { expect, test } from "vitest";
import { startTestAgent } from "../testing/test-agent.ts";

test("of no lines a log is empty", async () => {
  await using agent = await startTestAgent();
  await agent.local.workspaces.create({ name: "demo" });
  expect(await agent.local.workspaces.logs({ name: "demo", tail: 0 })).toBe("");
  expect(await agent.local.workspaces.logs({ name: "demo", tail: 1 })).not.toBe("");
});

test("a client that follows a log and reads nothing holds the workspace's lines back where they are", async () => {
  await using agent = await startTestAgent();
  await agent.local.workspaces.create({ name: "demo" });
  let taken = 0;
  let left = false;
  agent.adapters.docker.logs = async function* (_id, { follow = false }) {
    try {
      // Of endless lines, a gigabyte: who holds nothing back has it all in memory.
      for (let at = 0; follow && at < 16_384; at += 1) {
        taken += FLOOD.length;
        yield { bytes: FLOOD, at: String(at) };
        await setImmediate();
      }
    } finally {
      left ||= follow;
    }
  };
  const following = request({
    socketPath: agent.agent.socket,
    path: "/rpc/workspaces/followLogs",
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  following.end(JSON.stringify({ json: { name: "demo", tail: 0 } }));
  const [answer] = (await once(following, "response")) as [IncomingMessage];
  expect(answer.statusCode).toBe(200);
  answer.pause();
  let before = -1;
  const rests = () => taken > 0 && before === (before = taken);
  await expect.poll(rests, { interval: 300, timeout: 20_000 }).toBe(true);
  expect(taken).toBeLessThan(8 * 1024 * 1024);
  following.destroy();
  await expect.poll(() => left).toBe(true);
});

test("a client that comes back with the id of what it has goes on after it, and one that made an id up begins anew", async () => {
  await using agent = await startTestAgent();
  await agent.local.workspaces.create({ name: "demo" });
  const log = () => agent.local.workspaces.logs({ name: "demo" });
  /** As many characters as are wanted, however they come. */
  const follow = async (length: number, lastEventId?: string): Promise<{ text: string; id: string | undefined }> => {
    const given = lastEventId === undefined ? {} : { lastEventId };
    let text = "";
    for await (const event of await agent.local.workspaces.followLogs({ name: "demo" }, given)) {
      text += event.text;
      if (text.length >= length) return { text, id: getEventMeta(event)?.id };
    }
    throw new Error("It ended.");
  };
  const before = await log();
  const { text, id } = await follow(before.length);
  expect(text).toBe(before);
  await agent.local.workspaces.restart({ name: "demo" });
  const after = await log();
  expect(after.length).toBeGreaterThan(before.length);
  const rest = await follow(after.length - before.length, id);
  expect(before + rest.text).toBe(after);
  expect((await follow(after.length, "1.1.__proto__")).text).toBe(after);
});

test("lines that are there together are sent together, in their order", async () => {
  await using agent = await startTestAgent();
  await agent.local.workspaces.create({ name: "demo" });
  const printed = Array.from({ length: 5_000 }, (_each, index) => `line ${index}\n`).join("");
  agent.adapters.docker.logs = async function* (_id, { follow = false }) {
    if (follow) yield { bytes: Buffer.from(printed), at: "1" };
    if (follow) throw new Error("a defect");
  };
  const texts: string[] = [];
  const following = await agent.local.workspaces.followLogs({ name: "demo", tail: 0 });
  const whole = (async () => {
    for await (const { text } of following) texts.push(text);
  })();
  await expect(whole).rejects.toThrow();
  expect(texts.join("")).toBe(printed);
  expect(texts.length).toBeLessThan(50);
});

test("what the agent did and what the workspace printed are never in one event, and each says what it is", async () => {
  await using agent = await startTestAgent();
  await agent.local.workspaces.create({ name: "demo" });
  agent.adapters.docker.logs = async function* (_id, { follow = false }) {
    yield { bytes: Buffer.from("printed\n"), at: "1" };
    if (follow) throw new Error("a defect");
  };
  const told: string[] = [];
  const whole = (async () => {
    for await (const { source, text } of await agent.local.workspaces.followLogs({ name: "demo" })) {
      told.push(`${source}: ${text.includes("printed")}`);
    }
  })();
  await expect(whole).rejects.toThrow();
  expect(new Set(told)).toEqual(new Set(["startup: false", "script: false", "output: true"]));
});

const FLOOD = Buffer.from(`${"y".repeat(1_023)}\n`.repeat(64));
