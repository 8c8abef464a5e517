import { type ErrorCode, type RuntimeEvent, toWsError } from "@ws/workspace-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { createEngineProxy, type EngineProxy } from "./testing/engine-proxy.ts";
import { createSubject, docker, newSpec, running, type Subject } from "./testing/subject.ts";

async function codeOf(work: Promise<unknown>): Promise<ErrorCode | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => toWsError(error).code,
  );
}

async function drain(source: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of source) count++;
  return count;
}

describe("an engine that goes away", () => {
  let proxy: EngineProxy;
  let subject: Subject;
  beforeAll(async () => {
    proxy = await createEngineProxy();
    subject = createSubject({ engine: { socketPath: proxy.socketPath } });
    await subject.runtime.prepare({ report: () => undefined });
  });
  afterEach(() => proxy.restore());
  afterAll(async () => {
    await subject[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  /** A running place that is removed although the test may have taken the engine away. */
  async function runningHere(): Promise<AsyncDisposable & Awaited<ReturnType<typeof running>>> {
    const spec = await running(subject);
    return {
      ...spec,
      async [Symbol.asyncDispose]() {
        await proxy.restore();
        await subject.runtime.remove(spec.id);
      },
    };
  }

  test("is unreachable to every method where it never was", async () => {
    const { runtime } = createSubject({ engine: { socketPath: "/nonexistent/engine.sock" } });
    const spec = newSpec();
    const calls = {
      status: runtime.status(),
      prepare: runtime.prepare({ report: () => undefined }),
      create: runtime.create(spec),
      start: runtime.start(spec),
      stop: runtime.stop(spec.id),
      remove: runtime.remove(spec.id),
      abandon: runtime.abandon(spec.id),
      rename: runtime.rename(spec.id, "other"),
      find: runtime.find(spec.id),
      list: runtime.list(),
      homes: runtime.homes(),
      open: runtime.open(spec.id),
      logs: drain(runtime.logs(spec.id, {})),
    };
    const codes = Object.entries(calls).map(async ([method, call]) => [method, await codeOf(call)]);
    const expected = Object.keys(calls).map((method) => [method, "engine_unreachable"]);
    expect(await Promise.all(codes)).toEqual(expected);
  });

  test("is lost where it falls silent without closing the connection", async () => {
    proxy.silence();
    expect(await codeOf(subject.runtime.list())).toBe("engine_lost");
    expect(await codeOf(subject.runtime.list(AbortSignal.timeout(50)))).toBe("aborted");
    await proxy.restore();
    await expect(subject.runtime.list()).resolves.toEqual([]);
  });

  test("is lost where the connection ends in the middle of an answer", async () => {
    for (const bytes of [1, 60, 400]) {
      proxy.cutAfter(bytes);
      expect([bytes, await codeOf(subject.runtime.status())]).toEqual([bytes, "engine_lost"]);
      await proxy.restore();
    }
  });

  test.each([
    ["closes", (): unknown => proxy.cut()] as const,
    ["falls silent", (): unknown => proxy.silence()] as const,
  ])("ends what is being followed when it %s", async (_how, takeAway) => {
    await using spec = await runningHere();
    await using box = await subject.runtime.open(spec.id);
    const echo = await box.run(["sh", "-c", "echo printed >/proc/1/fd/1"]);
    await echo.exit;
    const logs = subject.runtime.logs(spec.id, { follow: true })[Symbol.asyncIterator]();
    await logs.next();
    const next = codeOf(logs.next());
    await takeAway();
    expect(await next).toBe("engine_lost");
  });

  test.each([
    ["closes", (): unknown => proxy.cut()] as const,
    ["falls silent", (): unknown => proxy.silence()] as const,
  ])("is named as the reason where it %s while a Box is opened", async (_how, takeAway) => {
    await using spec = await runningHere();
    const asked = proxy.asked(`/containers/${spec.handle}/exec`);
    const opening = codeOf(subject.runtime.open(spec.id));
    await asked;
    await takeAway();
    // Which of the two depends on what was under way when it went.
    expect(["engine_lost", "engine_unreachable"]).toContain(await opening);
  });

  test("is told of when it goes and when it comes back, with what happened meanwhile", async () => {
    await using spec = await runningHere();
    const leaving = new AbortController();
    const events = subject.runtime.events(leaving.signal)[Symbol.asyncIterator]();
    const next = async (): Promise<RuntimeEvent> => (await events.next()).value as RuntimeEvent;
    const first = next();
    await subject.runtime.find(spec.id);
    await proxy.cut();
    expect(await first).toEqual({ type: "engine_lost" });
    await docker.getContainer(spec.handle).kill();
    await proxy.restore();
    expect(await next()).toEqual({ type: "engine_back" });
    expect(await next()).toEqual({ type: "exited", id: spec.id, exit: { code: 137, oom: false } });

    const silence = next();
    proxy.silence();
    expect(await silence).toEqual({ type: "engine_lost" });
    await proxy.restore();
    expect(await next()).toEqual({ type: "engine_back" });
    leaving.abort();
    expect((await events.next()).done).toBe(true);
  });

  test("leaves a create, a start and a remove that can be repeated", async () => {
    const spec = newSpec();
    for (const bytes of [1, 200, 300, 500, 900]) {
      proxy.cutAfter(bytes);
      await codeOf(subject.runtime.create(spec).then(() => subject.runtime.start(spec)));
      await proxy.restore();
    }
    await subject.runtime.create(spec);
    expect(await subject.runtime.start(spec)).toMatchObject({ power: "running" });
    expect(await subject.runtime.list()).toHaveLength(1);
    proxy.cutAfter(150);
    await codeOf(subject.runtime.remove(spec.id));
    await proxy.restore();
    await subject.runtime.remove(spec.id);
    expect(await subject.runtime.list()).toEqual([]);
    expect(await subject.runtime.homes()).toEqual([]);
  });
});
