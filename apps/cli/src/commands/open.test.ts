import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { run } from "../run.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { startLocalAgent } from "../testing/local-agent.ts";

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Not by `fetch`, for which the name below localhost would have to be looked up. */
async function ask(url: URL, { method = "GET", headers = {}, body }: Asked = {}) {
  const outgoing = request({ port: url.port, path: url.pathname, method, headers: { ...headers, host: url.host } });
  outgoing.end(body);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, text: await text(answer) };
}

test("A port is shown in a browser by its number or name; what is neither is said to be", async () => {
  await using agent = await startLocalAgent();
  await agent.ws(["start", "demo"]);
  // All local workspaces share this machine's loopback, so what listens here listens in them.
  await using inside = createServer(
    (asked, answer) => void answer.end(`${asked.url} ${asked.headers.cookie ?? "none"}`),
  );
  inside.listen(0, "127.0.0.1");
  await once(inside, "listening");
  const { port } = inside.address() as AddressInfo;
  await agent.ws(["ports", "demo", `${port}=web`]);

  for (const what of ["web", String(port)]) {
    const { code, out, err } = await agent.ws(["open", "demo", what, "--print"]);
    expect([code, err]).toEqual([0, expect.stringContaining("within a minute")]);
    const url = new URL(out.trim());
    expect(url.hostname).toBe(`${port}--demo.localhost`);
    const body = JSON.stringify({ code: url.hash.slice("#code=".length) });
    const entered = await ask(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const cookie = entered.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    expect(await ask(new URL("/a", url), { headers: { cookie } })).toMatchObject({ status: 200, text: "/a none" });
  }
  expect(JSON.parse((await agent.ws(["open", "demo", "web", "--json"])).out)).toMatchObject({
    url: expect.stringContaining("/.ws/enter#code="),
    expires: expect.any(String),
  });
  for (const what of ["nothing", "3000:8000", "70000", "0", "Code"]) {
    const { code, err } = await agent.ws(["open", "demo", what]);
    expect([what, code]).toEqual([what, 2]);
    expect(err).not.toContain("ws forward");
  }
  expect((await agent.ws(["open", "nowhere", "3000"])).code).toBe(3);
  // Nor is a terminal what this one lacks.
  expect((await agent.ws(["shell", "nowhere"])).code).toBe(3);
});

test("A link to what cannot answer says so beside it, where a workspace does not run or nothing listens", async () => {
  await using agent = await startLocalAgent();
  await agent.ws(["start", "demo"]);
  const inside = createServer();
  inside.listen(0, "127.0.0.1");
  await once(inside, "listening");
  const { port } = inside.address() as AddressInfo;
  const open = async () => (await agent.ws(["open", "demo", String(port), "--print"])).err;
  expect(await open()).not.toContain("demo");
  await inside[Symbol.asyncDispose]();
  expect(await open()).toContain(`Nothing listens on port ${port} in 'demo' yet.`);
  await agent.ws(["stop", "demo"]);
  expect(await open()).toMatch(/'demo' does not run: \S*ws start demo\./);
});

test("Where an editor is missing, SSH on this device is not set up for it", async () => {
  await using agent = await startLocalAgent();
  await agent.ws(["start", "demo"]);
  const { directory, configDirectory } = agent;
  const io = createFakeIo({ WS_CONFIG_DIR: configDirectory, HOME: directory, PATH: directory });
  expect(await run(["open", "demo", "zed"], io)).toBe(1);
  expect(io.err()).toContain("'zed' cannot be started on this device. (editor_missing)");
  expect(existsSync(join(directory, ".ssh"))).toBe(false);
});
