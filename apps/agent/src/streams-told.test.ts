import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { CLOSE } from "@ws/rpc-contract/frames";
import { WsError } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";
import { ATTACH, setUp, START } from "./testing/with-streams.ts";

test("everybody who looks at a terminal is in the audit, the second as the first, and who was refused", async () => {
  const { core, audit, terminals, open } = await setUp();
  const line = { who: "scoped", action: "terminal", target: "alpha", details: { terminal: "main" } };
  for (const viewers of [1, 2]) {
    const client = await open("/terminal/alpha");
    client.say(ATTACH);
    await client.frame("attached");
    const opened = { ...line, outcome: "ok", details: { terminal: "main", opened: "true" } };
    expect(audit).toEqual([opened, { ...line, outcome: "ok" }].slice(0, viewers));
  }
  expect(terminals.calls).toEqual(["open main"]);
  core.terminals = async () => {
    throw new WsError("workspace_not_running", { message: "Stopped.", data: { name: "alpha", status: "stopped" } });
  };
  const refused = await open("/terminal/alpha");
  refused.say({ ...ATTACH, terminal: "other" });
  await refused.closed;
  expect(audit.slice(2)).toEqual([{ ...line, details: { terminal: "other" }, outcome: "workspace_not_running" }]);
});

test("a terminal that a client tries again and again to reach is in the audit once, until something else comes of it", async () => {
  const { core, audit, terminals: fake, open } = await setUp();
  const answering = core.terminals;
  const lost = (code: "engine_unreachable" | "internal") => async () => {
    throw code === "internal"
      ? new Error("boom")
      : new WsError(code, { message: "No engine.", data: { runtime: "docker" } });
  };
  const attach = async (terminal: string): Promise<void> => {
    const client = await open("/terminal/alpha");
    client.say({ ...ATTACH, terminal });
    await Promise.race([client.closed, client.frame("attached")]);
  };
  for (const attempt of [lost("engine_unreachable"), lost("internal"), answering]) {
    core.terminals = attempt;
    for (const terminal of ["main", "other", "main", "other", "main"]) await attach(terminal);
  }
  fake.lose(new Error("boom"));
  core.terminals = lost("internal");
  for (let round = 0; round < 3; round += 1) await attach("main");
  const outcomes = audit.filter(({ details }) => details?.["terminal"] === "main").map(({ outcome }) => outcome);
  expect(outcomes).toEqual(["engine_unreachable", "internal", "ok", "ok", "ok", "internal"]);
});

describe("an unexpected failure (Jupyter's secrets in 500 pages)", () => {
  test("of a command is logged once, and its client gets a code and a sentence without the details", async () => {
    const { core, log, redactor, audit, open } = await setUp();
    const secret = randomBytes(12).toString("hex");
    redactor.add(secret);
    core.run = async () => {
      throw new Error(`boom ${secret}`);
    };
    const client = await open("/exec/alpha");
    client.say(START);
    const frame = await client.frame("error");
    expect(frame).toMatchObject({ code: "internal", message: "The agent met an unexpected failure." });
    expect(frame.next).toMatch(/incident-[0-9a-f]{8}/);
    expect(JSON.stringify(frame)).not.toContain("boom");
    const logged = log.lines.filter(({ level }) => level === "error");
    expect(logged).toEqual([expect.objectContaining({ message: "unexpected failure" })]);
    expect(frame.next).toContain(logged[0]?.fields["incident"]);
    expect(audit).toEqual([expect.objectContaining({ action: "exec", outcome: "internal" })]);
  });

  test("of a domain kind reaches the client with its secrets taken out, and is no line of the log", async () => {
    const { core, log, redactor, open } = await setUp();
    const secret = randomBytes(12).toString("hex");
    redactor.add(secret);
    core.terminals = async () => {
      throw new WsError("box_unavailable", { message: `no way in: ${secret}`, data: { workspace: "ws-1" } });
    };
    const client = await open("/terminal/alpha");
    client.say(ATTACH);
    expect(await client.frame("error")).toEqual({
      type: "error",
      code: "box_unavailable",
      message: "no way in: [redacted]",
    });
    expect(log.lines).toEqual([]);
  });

  test("of a terminal is one line of the log, however many look at it", async () => {
    const { terminals, log, open } = await setUp();
    const clients = [await open("/terminal/alpha"), await open("/terminal/alpha")];
    for (const client of clients) {
      client.say(ATTACH);
      await client.frame("attached");
    }
    const reasons = clients.map(async ({ socket }) => String((await once(socket, "close"))[1]));
    terminals.lose(new Error("boom"));
    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([CLOSE.goingAway, CLOSE.goingAway]);
    expect(new Set(await Promise.all(reasons))).toEqual(new Set(["internal: The agent met an unexpected failure."]));
    expect(log.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  });
});
