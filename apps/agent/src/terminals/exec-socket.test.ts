import { createFakeBox, createFakeRuntime, type FakeProgram } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { startSocketServer, type TestClient } from "../testing/terminal-client.ts";
import { type ExecEnd, serveExec } from "./exec-socket.ts";

/** A client of one command, which is the given program; `outcome` is what the audit would have. */
async function start(program: FakeProgram): Promise<TestClient & { outcome: Promise<ExecEnd> }> {
  const runtime = createFakeRuntime({
    now: () => 0,
    openBox: (home, ended) => createFakeBox(home, ended, { program }),
  });
  const spec = { id: "ws-000001", name: "demo", profile: "person", limits: {} } as const;
  await runtime.create(spec);
  await runtime.start(spec);
  const box = await runtime.open(spec.id);
  const outcome = Promise.withResolvers<ExecEnd>();
  const server = await startSocketServer((socket) =>
    serveExec({
      socket,
      known: true,
      authenticate: () => undefined,
      run: (argv, options) => box.run(argv, options),
      report: ({ code, message }) => ({ code, message }),
      now: () => 0,
      over: outcome.resolve,
    }),
  );
  onTestFinished(() => server.close());
  return { ...(await server.connect()), outcome: outcome.promise };
}

const START = { type: "start", command: ["program"] };

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s is the command's own: what it says then and its exit code arrive",
  async (signal) => {
    const client = await start(async ({ trap, print }) => {
      const name = await new Promise<string>((resolve) => {
        trap(resolve);
        void print(new TextEncoder().encode("ready\n"));
      });
      await print(new TextEncoder().encode(`last words after ${name}\n`));
      return { code: 8 };
    });
    client.say(START);
    await client.until((bytes) => bytes.includes("ready"));
    client.say({ type: "signal", signal });
    expect(await client.closed).toBe(1000);
    expect(client.bytes().toString()).toContain(`last words after ${signal}\n`);
    expect(client.frames.at(-1)).toEqual({ type: "exit", code: 8 });
    expect(await client.outcome).toMatchObject({ outcome: "ok", exitCode: 8 });
  },
);

test("a command that takes no signal ends by it, and says so", async () => {
  const client = await start(
    ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve({}))),
  );
  client.say(START);
  await expect.poll(() => client.frames).toContainEqual({ type: "started" });
  client.say({ type: "signal", signal: "SIGINT" });
  await client.closed;
  expect(client.frames.at(-1)).toEqual({ type: "exit", code: 130, signal: "SIGINT" });
});

test("a signal before the command stands keeps it from starting", async () => {
  let ran = false;
  const client = await start(() => {
    ran = true;
    return {};
  });
  client.say({ type: "signal", signal: "SIGTERM" });
  client.say(START);
  await client.closed;
  expect(client.frames).toEqual([{ type: "exit", code: 143, signal: "SIGTERM" }]);
  expect(ran).toBe(false);
});

test("a client that goes away ends a command that does as it likes with signals", async () => {
  const ended = Promise.withResolvers<void>();
  const client = await start(async ({ trap, signal }) => {
    trap(() => undefined);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    ended.resolve();
    return {};
  });
  client.say(START);
  await expect.poll(() => client.frames).toContainEqual({ type: "started" });
  client.say({ type: "signal", signal: "SIGINT" });
  client.socket.terminate();
  await ended.promise;
  expect(await client.outcome).toMatchObject({ outcome: "aborted" });
});
