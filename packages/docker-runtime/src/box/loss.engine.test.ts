import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { Box } from "@ws/workspace-core";
import Docker from "dockerode";
import { describe, expect, test } from "vitest";

import { openExecBox } from "../exec-box.ts";
import { openSshBox } from "../ssh-box.ts";
import { type BoxPlace, startBoxPlace } from "../testing/box-place.ts";
import { createEngineProxy, type EngineProxy } from "../testing/engine-proxy.ts";
import { firstLine, output } from "../testing/output.ts";

describe.each([
  { name: "over sshd", open: openSshBox },
  { name: "over plain exec", open: openExecBox },
])("a Box $name whose engine or container goes", ({ open }) => {
  const losses: { name: string; lose: (proxy: EngineProxy, place: BoxPlace) => unknown }[] = [
    { name: "the engine is cut off", lose: (proxy) => proxy.cut() },
    { name: "the engine falls silent, as behind a black hole", lose: (proxy) => proxy.silence() },
    { name: "the container is killed", lose: (_proxy, { container }) => container.kill() },
    { name: "the container is started again", lose: (_proxy, { container }) => container.restart({ t: 0 }) },
    { name: "the container is removed", lose: (_proxy, { container }) => container.remove({ force: true, v: true }) },
  ];

  test.each(losses)(
    "fails all that is under way when $name, and hangs nowhere",
    { timeout: 60_000 },
    async ({ lose }) => {
      await using place = await startBoxPlace();
      await using proxy = await createEngineProxy();
      const box = await open(place.options(new Docker({ socketPath: proxy.socketPath })));
      await box.files.write(`${box.home}/large`, Buffer.alloc(4_000_000));
      const pending = await underWay(box);
      await lose(proxy, place);

      expect((await box.closed).code).toBe("box_closed");
      for (const work of pending) await expect(work).rejects.toMatchObject({ code: "box_closed" });
      await expect(box.run(["true"])).rejects.toMatchObject({ code: "box_closed" });
      await expect(box.files.stat("/")).rejects.toMatchObject({ code: "box_closed" });
      await expect(box.within(box.home).stat("")).rejects.toMatchObject({ code: "box_closed" });
      await box[Symbol.asyncDispose]();
    },
  );
});

/** One of everything that waits. */
async function underWay(box: Box): Promise<Promise<unknown>[]> {
  const stop = new AbortController();
  const sleeper = await box.run(["sh", "-c", "echo; sleep 1000"]);
  await firstLine(sleeper.stdout);
  const reading = output(box, ["sleep", "1000"]);
  const abortable = await box.run(["sleep", "1000"], { signal: stop.signal });
  const endless = (async function* () {
    for (;;) yield Buffer.alloc(100_000);
  })();
  const fed = await box.run(["sleep", "1000"], { stdin: endless });
  const pty = await box.openPty(["sleep", "1000"], { size: { cols: 80, rows: 24 } });
  const silent = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from("x");
    await new Promise(() => undefined);
  };
  const files = box.within(box.home);
  await files.mkdir("quiet");
  await using held = await files.read("large");
  const holding = (async () => {
    for await (const _part of held.content) await sleeper.exit;
  })();
  const filling = files.write("confined", silent());
  const watched = box.watch(`${box.home}/quiet`)[Symbol.asyncIterator]();
  await watched.next();
  const watching = watched.next();
  const pending: Promise<unknown>[] = [
    sleeper.exit,
    reading,
    abortable.exit,
    fed.exit,
    pty.exit,
    holding,
    filling,
    watching,
  ];
  if (!box.missing.includes("listen")) {
    const server = await box.listen(() => undefined);
    const client = await box.connect(server.port);
    pending.push(client.readable[Symbol.asyncIterator]().next() as Promise<unknown>);
    const file = box.files.read(`${box.home}/large`)[Symbol.asyncIterator]();
    await file.next();
    pending.push(
      (async () => {
        for (;;) await client.write(Buffer.alloc(100_000));
      })(),
    );
  }
  void box.files.write(`${box.home}/unfinished`, silent()).catch(() => undefined);
  // They settle later; meanwhile nobody may call them unhandled.
  for (const work of pending) work.catch(() => undefined);
  return pending;
}

describe("a Box whose container ends", () => {
  test.each([openSshBox, openExecBox])("closes at once", async (open) => {
    await using place = await startBoxPlace();
    const box = await open(place.options());
    const sleeper = await box.run(["sleep", "1000"]);
    await place.container.kill();
    const outcome = await sleeper.exit.then(
      ({ code }) => code,
      ({ code }: { code: string }) => code,
    );
    expect([137, "box_closed"]).toContain(outcome);
    expect((await box.closed).code).toBe("box_closed");
  });
});

describe("an agent that is killed", () => {
  test("takes its terminals and ports with it, and leaves programs that a later Box can end", async () => {
    await using place = await startBoxPlace();
    const program = fileURLToPath(new URL("../testing/box-agent.ts", import.meta.url));
    const agent = spawn(process.execPath, ["--conditions=source", program, place.container.id, "step"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const left = JSON.parse(await firstLine(agent.stdout)) as { orphans: string[]; pty: string; port: number };
    agent.kill("SIGKILL");

    await using box = await openSshBox(place.options());
    const alive = (pid: string): Promise<string> =>
      output(box, ["sh", "-c", 'kill -0 "$1" 2>/dev/null && echo yes || echo no', "sh", pid]);
    await expect.poll(() => alive(left.pty)).toBe("no\n");
    await expect
      .poll(() => box.connect(left.port).catch((error: { code: string }) => error.code))
      .toBe("connection_refused");
    for (const pid of left.orphans) expect(await alive(pid)).toBe("yes\n");
    await box.endGroup("step");
    for (const pid of left.orphans) await expect.poll(() => alive(pid)).toBe("no\n");
  });
});
