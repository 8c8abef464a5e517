import { expect, test } from "vitest";

import {
  codeOf,
  collect,
  newSpec,
  only,
  read,
  removing,
  text,
  type RuntimeSubject,
  type RuntimeUnderTest,
  type RuntimeCapabilities,
} from "./under-test.ts";

export function powerTests<S extends RuntimeSubject>(
  current: () => RuntimeUnderTest<S>,
  { processes }: RuntimeCapabilities<S>,
): void {
  test("says what it is", async () => {
    const { runtime } = current();
    const status = await runtime.status();
    expect(status.runtime).toBe(runtime.name);
    expect(["container", "sandbox", "none"]).toContain(status.isolation);
  });

  test("can be prepared again, also at the same time", async () => {
    const { runtime } = current();
    const prepare = (): Promise<void> => runtime.prepare({ report: () => undefined });
    await Promise.all([prepare(), prepare(), prepare()]);
    await expect(prepare()).resolves.toBeUndefined();
  });

  test("creates one place and one home, not started", async () => {
    const { runtime } = current();
    const spec = newSpec();
    await using _ = removing(runtime, spec);
    const place = await runtime.create(spec);
    expect(place).toMatchObject({ id: spec.id, name: spec.name, power: "stopped" });
    expect(place.exit).toBeUndefined();
    expect(await runtime.find(spec.id)).toEqual(place);
    expect((await runtime.list()).filter(({ id }) => id === spec.id)).toEqual([place]);
    expect((await runtime.homes()).filter((id) => id === spec.id)).toHaveLength(1);
  });

  test("gives the same place to everyone who creates it, one after the other and at once", async () => {
    const { runtime } = current();
    const spec = newSpec();
    await using _ = removing(runtime, spec);
    const places = await Promise.all([1, 2, 3, 4].map(() => runtime.create(spec)));
    places.push(await runtime.create(spec));
    expect(new Set(places.map(({ handle }) => handle)).size).toBe(1);
    expect((await runtime.list()).filter(({ id }) => id === spec.id)).toHaveLength(1);
  });

  test("takes its limits anew without ending what runs, also of a place that is stopped or not there", async () => {
    const { runtime, running } = current();
    await using made = await running();
    await runtime.limit(made.spec);
    await runtime.limit(made.spec);
    expect(await runtime.find(made.spec.id)).toEqual(made.place);
    await runtime.stop(made.spec.id);
    await runtime.limit(made.spec);
    expect(await runtime.find(made.spec.id)).toMatchObject({ power: "stopped" });
    await expect(runtime.limit(newSpec())).resolves.toBeUndefined();
  });

  test("starts a place, and leaves one that runs alone", async () => {
    const { runtime, running } = current();
    await using made = await running();
    expect(made.place).toMatchObject({ id: made.spec.id, power: "running" });
    const again = await runtime.start(made.spec);
    expect(again).toEqual(made.place);
    expect(await runtime.find(made.spec.id)).toMatchObject({ power: "running" });
  });

  test("refuses to start what was never created", async () => {
    const { runtime } = current();
    expect(await codeOf(runtime.start(newSpec()))).toBe("box_unavailable");
  });

  test("opens a channel whose files outlive a stop, a start and a rename", async () => {
    const { runtime, running } = current();
    await using made = await running();
    const { id } = made.spec;
    await using first = await runtime.open(id);
    expect(first.id).toBe(id);
    await first.files.write(`${first.home}/kept.txt`, text("kept"));
    await runtime.stop(id);
    await runtime.rename(id, `${made.spec.name}-new`);
    await runtime.start(made.spec);
    await using second = await runtime.open(id);
    expect(await read(second, "kept.txt")).toBe("kept");
  });

  test("opens no channel into a place that is stopped or absent", async () => {
    const { runtime } = current();
    const spec = newSpec();
    await using _ = removing(runtime, spec);
    await runtime.create(spec);
    expect(await codeOf(runtime.open(spec.id))).toBe("box_unavailable");
    expect(await codeOf(runtime.open(newSpec().id))).toBe("box_unavailable");
  });

  test("stops a place, and leaves a stopped or absent one alone", async () => {
    const { runtime, running } = current();
    await using made = await running();
    const { id } = made.spec;
    await using box = await runtime.open(id);
    await runtime.stop(id);
    expect((await box.closed).code).toBe("box_closed");
    expect(await runtime.find(id)).toMatchObject({ power: "stopped" });
    await runtime.stop(id);
    await runtime.stop(newSpec().id);
  });

  only(processes, () => {
    test("ends every process with a stop", async () => {
      const { runtime, running } = current();
      await using made = await running();
      const { id } = made.spec;
      await using box = await runtime.open(id);
      const sleeper = await box.run(["sleep", "98765"]);
      sleeper.exit.catch(() => undefined);
      await runtime.stop(id, { graceMs: 500 });
      await runtime.start(made.spec);
      await using next = await runtime.open(id);
      const listed = await next.run(["sh", "-c", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '"]);
      expect(await collect(listed.stdout)).not.toContain("sleep 98765");
    });
  });

  test("reports no exit of a place that was asked to stop", async () => {
    const { runtime, running } = current();
    await using made = await running();
    await runtime.stop(made.spec.id);
    expect((await runtime.find(made.spec.id))?.exit).toBeUndefined();
  });
}
