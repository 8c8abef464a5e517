import type { RuntimeEvent } from "@ws/workspace-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { collect, createSubject, docker, execute, newSpec, running, type Subject } from "./testing/subject.ts";

describe("a running workspace", () => {
  let subject: Subject;
  beforeAll(async () => {
    subject = createSubject();
    await subject.runtime.prepare({ report: () => undefined });
  });
  afterAll(() => subject[Symbol.asyncDispose]());

  test("publishes no port, has no engine socket and no privilege (rows 14, 16, 17)", async () => {
    const spec = await running(subject);
    const info = await docker.getContainer(spec.handle).inspect();
    expect(info.HostConfig.PortBindings ?? {}).toEqual({});
    expect(Object.values(info.NetworkSettings.Ports ?? {}).filter((ports) => ports !== null)).toEqual([]);
    expect(JSON.stringify(info)).not.toContain("docker.sock");
    expect(info.HostConfig).toMatchObject({
      Privileged: false,
      CapAdd: null,
      PidMode: "",
      IpcMode: "private",
      Binds: null,
    });
    expect(info.Mounts.map(({ Type }) => Type)).toEqual(["volume"]);
    await subject.runtime.remove(spec.id);
  });

  test("shows a process's variables neither to inspect, nor to its first process, nor to a commit", async () => {
    const canary = crypto.randomUUID();
    const spec = await running(subject);
    await using box = await subject.runtime.open(spec.id);
    const process = await box.run(["sh", "-c", 'echo "$CANARY"; sleep 30'], { env: { CANARY: canary } });
    process.exit.catch(() => undefined);
    for await (const said of process.stdout) {
      expect(Buffer.from(said).toString().trim()).toBe(canary);
      break;
    }
    const container = docker.getContainer(spec.handle);
    expect(JSON.stringify(await container.inspect())).not.toContain(canary);
    const first = await box.run(["sh", "-c", "tr '\\0' '\\n' </proc/1/environ"]);
    expect(await collect(first.stdout)).not.toContain(canary);
    const { Id: image } = (await container.commit({})) as { Id: string };
    expect(JSON.stringify(await docker.getImage(image).inspect())).not.toContain(canary);
    await docker.getImage(image).remove();
    await subject.runtime.remove(spec.id);
  });

  test("ends a fork bomb at its own limit, and its neighbour notices nothing", async () => {
    const bomber = await running(subject, newSpec({ limits: { processes: 64 } }));
    const neighbour = await running(subject);
    await using box = await subject.runtime.open(bomber.id);
    const bomb = await box.run(["python3", "-c", BOMB]);
    const said = await collect(bomb.stdout);
    expect(Number(said)).toBeGreaterThan(5);
    expect(Number(said)).toBeLessThan(64);
    expect(await execute(subject, neighbour.id, ["echo", "fine"])).toMatchObject({ code: 0, stdout: "fine\n" });
    await subject.runtime.remove(bomber.id);
    await subject.runtime.remove(neighbour.id);
  });

  test("that runs out of memory loses the process, and says so where the workspace itself ends by it", async () => {
    const leaving = new AbortController();
    const events = subject.runtime.events(leaving.signal)[Symbol.asyncIterator]();
    const next = events.next();
    const spec = await running(subject, newSpec({ limits: { memoryBytes: 128 * 2 ** 20 } }));
    const hog = ["python3", "-c", "x = bytearray(400 * 2**20); print(len(x))"] as const;
    expect(await execute(subject, spec.id, hog)).toMatchObject({ code: 137, stdout: "" });
    expect(await subject.runtime.find(spec.id)).toMatchObject({ power: "running" });

    // Among several of middling size the kernel takes what asks for it: the workspace's first process.
    await execute(subject, spec.id, ["sudo", "-n", "sh", "-c", "echo 1000 >/proc/1/oom_score_adj"]);
    await execute(subject, spec.id, ["python3", "-c", HOGS]).catch(() => undefined);
    const event = (await next).value as RuntimeEvent;
    expect(event).toEqual({ type: "exited", id: spec.id, exit: { code: 137, oom: true } });
    expect(await subject.runtime.find(spec.id)).toMatchObject({ power: "stopped", exit: { code: 137, oom: true } });
    leaving.abort();
    await subject.runtime.remove(spec.id);
  });

  test("has other limits while it runs, and all that the machine has once they are taken away", async () => {
    const spec = await running(subject, newSpec({ limits: { cpus: 1, memoryBytes: 256 * 2 ** 20, processes: 500 } }));
    const hog = ["python3", "-c", "print(len(bytearray(400 * 2**20)))"] as const;
    expect(await execute(subject, spec.id, hog)).toMatchObject({ code: 137 });
    await subject.runtime.limit({ ...spec, limits: { memoryBytes: 700 * 2 ** 20, processes: 64 } });
    expect(await execute(subject, spec.id, hog)).toMatchObject({ code: 0 });
    const { HostConfig: host } = await docker.getContainer(spec.handle).inspect();
    const { NCPU: cpus } = (await docker.info()) as { NCPU: number };
    expect(host).toMatchObject({ NanoCpus: cpus * 1e9, PidsLimit: 64, MemorySwap: 700 * 2 ** 20 });
    expect(Number((await execute(subject, spec.id, ["python3", "-c", BOMB])).stdout)).toBeLessThan(64);
    await subject.runtime.limit({ ...spec, limits: {} });
    expect(await execute(subject, spec.id, ["python3", "-c", "print(len(bytearray(900 * 2**20)))"])).toMatchObject({
      code: 0,
    });
    await subject.runtime.remove(spec.id);
  });

  test("keeps what it prints within bounds", async () => {
    const spec = await running(subject);
    const { HostConfig: host } = await docker.getContainer(spec.handle).inspect();
    expect(host.LogConfig).toEqual({ Type: "json-file", Config: { "max-size": "10m", "max-file": "2" } });
    await subject.runtime.remove(spec.id);
  });
});

const BOMB = `
import os, time
made = 0
try:
    while made < 500:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        made += 1
except OSError:
    pass
print(made, flush=True)
os.killpg(0, 9)
`;
const HOGS = `
import os, time
for _ in range(4):
    if os.fork() == 0:
        x = bytearray(50 * 2**20)
        time.sleep(60)
time.sleep(60)
`;
