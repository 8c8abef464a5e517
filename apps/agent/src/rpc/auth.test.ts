import { readFileSync } from "node:fs";
import { join } from "node:path";
import { safe } from "@orpc/client";
import type { AgentClient } from "@ws/rpc-contract/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
let local: AgentClient;

beforeAll(async () => {
  agent = await startTestAgent();
  local = agent.local;
});
afterAll(() => agent[Symbol.asyncDispose]());

describe("tokens and links", () => {
  test("a one-time link signs one browser in, once, from the fragment", async () => {
    const { url } = await local.auth.link();
    expect(url).toMatch(new RegExp(`^${agent.agent.url}/#code=[\\w-]{22,}$`));
    const code = url.split("#code=")[1] ?? "";
    const anonymous = agent.remote("none");
    const { token } = await anonymous.auth.exchange({ code });
    expect((await agent.remote(token).info()).version).toBe("0.1.0");
    expect(await refusal(anonymous.auth.exchange({ code }))).toBe("UNAUTHORIZED unauthorized");
    const log = readFileSync(join(agent.configDirectory, "agent.log"), "utf8");
    expect(log).not.toContain(code);
    expect(log).not.toContain(token);
  });

  test("a browser that signs out ends its own token with it, and no other browser's", async () => {
    const signIn = async () => {
      const { url } = await local.auth.link();
      return agent.remote("none").auth.exchange({ code: url.split("#code=")[1] ?? "" });
    };
    const [leaving, staying] = [await signIn(), await signIn()];
    await agent.remote(leaving.token).tokens.revoke({ token: leaving.id });
    expect(await refusal(agent.remote(leaving.token).info())).toBe("UNAUTHORIZED unauthorized");
    expect((await agent.remote(staying.token).info()).version).toBe("0.1.0");
  });

  test("the printed link works too", async () => {
    const code = /#code=(\S+)/.exec(agent.said)?.[1] ?? "";
    expect((await agent.remote("none").auth.exchange({ code })).token).toMatch(/^wst_/);
    expect(agent.said).toContain("ws start demo --clone");
  });

  test("a revoked token is refused with its next request (OpenClaw GHSA-m8wm)", async () => {
    const { token, id } = await local.tokens.create({ name: "short-lived" });
    expect((await agent.remote(token).workspaces.list()).length).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(await local.tokens.list())).not.toContain(token);
    await local.tokens.revoke({ token: "short-lived" });
    expect(await refusal(agent.remote(token).workspaces.list())).toBe("UNAUTHORIZED unauthorized");
    expect((await local.tokens.list()).map((known) => known.id)).not.toContain(id);
    expect(await refusal(local.tokens.revoke({ token: "short-lived" }))).toBe("NOT_FOUND token_not_found");
    const { error } = await safe(local.tokens.revoke({ token: "short\u001b[31m" }));
    expect(error).toMatchObject({
      message: "There is no token 'short\uFFFD[31m'.",
      data: { next: "See them: ws token list.", details: { token: "short\uFFFD[31m" } },
    });
  });

  test("each scope reaches what it is for, and the refusal names what is needed", async () => {
    await local.workspaces.create({ name: "alpha" });
    await local.workspaces.create({ name: "beta" });
    const [read, write, own] = await Promise.all(["read", "write", "workspace:alpha"].map(agent.scoped));
    if (read === undefined || write === undefined || own === undefined) throw new Error("no clients");
    expect((await read.workspaces.list()).length).toBeGreaterThanOrEqual(2);
    expect(await refusal(read.workspaces.stop({ name: "alpha" }))).toBe("FORBIDDEN forbidden");
    expect(await refusal(write.config.credentials.get())).toBe("FORBIDDEN forbidden");
    expect(await refusal(write.tokens.create({ name: "more", scope: "admin" }))).toBe("FORBIDDEN forbidden");
    expect((await own.workspaces.exec({ name: "alpha", command: "x" })).exitCode).toBe(0);
    expect(await refusal(own.workspaces.exec({ name: "beta", command: "x" }))).toBe("FORBIDDEN forbidden");
    expect((await own.workspaces.list()).map(({ name }) => name)).toEqual(["alpha"]);
    const { error } = await safe(own.workspaces.delete({ name: "alpha" }));
    expect((error as unknown as { data: { next: string } }).data.next).toContain("--scope write");
  });

  test("a workspace's token does not go to the next one of its name (OpenClaw GHSA-rqpp)", async () => {
    await local.workspaces.create({ name: "gamma" });
    const own = await agent.scoped("workspace:gamma");
    await local.workspaces.rename({ name: "gamma", newName: "delta" });
    await local.workspaces.create({ name: "gamma" });
    expect(await refusal(own.workspaces.get({ name: "gamma" }))).toBe("FORBIDDEN forbidden");
    expect((await own.workspaces.get({ name: "delta" })).name).toBe("delta");
    expect((await own.workspaces.list()).map(({ name }) => name)).toEqual(["delta"]);
    expect(await refusal(agent.scoped("workspace:nobody").then((client) => client.info()))).toBe(
      "NOT_FOUND workspace_not_found",
    );
  });
});
