import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../run.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { startLocalAgent, type LocalAgent } from "../testing/local-agent.ts";

/** All local workspaces share this machine's loopback, so what listens here listens in them. */
let agent: LocalAgent;
let inside: Server;
let port: number;

beforeAll(async () => {
  agent = await startLocalAgent();
  await agent.ws(["start", "demo"]);
  inside = createServer((request, response) => {
    response.write(`${request.url} `);
    request.pipe(response);
  }).listen(0, "127.0.0.1");
  await once(inside, "listening");
  ({ port } = inside.address() as AddressInfo);
});
afterAll(async () => {
  inside.close();
  await agent[Symbol.asyncDispose]();
});

/** Runs `ws forward` until it is told to end. */
async function forward(...words: string[]) {
  const io = createFakeIo({ WS_CONFIG_DIR: agent.configDirectory });
  let end = (): void => undefined;
  const onSignal = (listener: (signal: "SIGINT") => void): (() => void) => {
    end = () => listener("SIGINT");
    return () => undefined;
  };
  const ended = run(["forward", "demo", ...words, "--json"], { ...io, onSignal });
  const told = (): { port: number; local: number; address: string; label?: string }[] => JSON.parse(io.out()) as never;
  await expect.poll(io.out).toContain("]");
  return {
    told: told(),
    io,
    async [Symbol.asyncDispose]() {
      end();
      expect(await ended).toBe(0);
    },
  };
}

test("a port of the workspace is reached at this machine's, by many at once", async () => {
  await using forwarded = await forward(`${port}:0`);
  const [{ address, local } = { address: "", local: 0 }] = forwarded.told;
  expect(address).toBe(`127.0.0.1:${local}`);
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_each, at) => {
      const answer = await fetch(`http://${address}/${at}`, { method: "POST", body: `body ${at}` });
      return answer.text();
    }),
  );
  expect(answers).toEqual(Array.from({ length: 20 }, (_each, at) => `/${at} body ${at}`));
});

test("a name stands for its port, and for the port of this machine that it was given", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port: local } = free.address() as AddressInfo;
  free.close();
  expect((await agent.ws(["ports", "demo", `${port}:${local}=web`])).out).toContain("web");
  {
    await using forwarded = await forward();
    expect(forwarded.told).toEqual([{ port, local, address: `127.0.0.1:${local}`, label: "web" }]);
    expect(await (await fetch(`http://127.0.0.1:${local}/named`)).text()).toBe("/named ");
    const taken = await agent.ws(["forward", "demo", "web"]);
    expect(taken).toMatchObject({ code: 4 });
    expect(taken.err).toContain(
      `Port ${local} of this machine cannot be listened on: something listens there already.`,
    );
  }
  const removed = await agent.ws(["ports", "demo", "--remove", "web", "--json"]);
  expect(JSON.parse(removed.out)).not.toContainEqual(expect.objectContaining({ label: "web" }));
});

test("where nothing listens a connection is reset, and why is said once", async () => {
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const { port: silent } = gone.address() as AddressInfo;
  gone.close();
  const io = createFakeIo({ WS_CONFIG_DIR: agent.configDirectory });
  let end = (): void => undefined;
  const onSignal = (listener: (signal: "SIGINT") => void): (() => void) => {
    end = () => listener("SIGINT");
    return () => undefined;
  };
  const ended = run(["forward", "demo", `${silent}:0`], { ...io, onSignal });
  await expect.poll(io.err).toContain(`Nothing listens on port ${silent} in 'demo' yet.`);
  const [, local] = /^127\.0\.0\.1:(\d+) is port/.exec(io.out()) ?? [];
  for (let times = 0; times < 2; times += 1) {
    const socket = connect(Number(local), "127.0.0.1");
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNRESET");
  }
  end();
  expect(await ended).toBe(0);
  expect(io.err().match(/Nothing listens on port \d+ in this workspace/g)).toHaveLength(1);
});

test("a workspace that there is not is said before anything listens", async () => {
  expect(await agent.ws(["forward", "nowhere", "80"])).toMatchObject({ code: 3, out: "" });
});
