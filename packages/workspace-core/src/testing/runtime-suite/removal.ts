import { expect, test } from "vitest";

import {
  codeOf,
  newSpec,
  read,
  removing,
  text,
  writeFile,
  type RuntimeSubject,
  type RuntimeUnderTest,
} from "./under-test.ts";

export function removalTests<S extends RuntimeSubject>(current: () => RuntimeUnderTest<S>): void {
  test("removes a place with its home, whatever state it is in, and what is gone already", async () => {
    const { runtime } = current();
    const spec = newSpec();
    await using _ = removing(runtime, spec);
    await runtime.create(spec);
    await runtime.start(spec);
    await writeFile(runtime, spec.id, "old.txt");
    await runtime.remove(spec.id);
    expect(await runtime.find(spec.id)).toBeUndefined();
    expect(await runtime.homes()).not.toContain(spec.id);
    await runtime.remove(spec.id);
    await runtime.create(spec);
    await runtime.start(spec);
    await using box = await runtime.open(spec.id);
    expect(await codeOf(box.files.stat(`${box.home}/old.txt`))).toBe("file_not_found");
  });

  test("abandons a place and keeps its home for the next one of this id", async () => {
    const { runtime } = current();
    const spec = newSpec();
    await using _ = removing(runtime, spec);
    await runtime.create(spec);
    await runtime.start(spec);
    await writeFile(runtime, spec.id, "work.txt");
    await runtime.abandon(spec.id);
    expect(await runtime.find(spec.id)).toBeUndefined();
    expect(await runtime.homes()).toContain(spec.id);
    await runtime.abandon(spec.id);
    await runtime.create(spec);
    await runtime.start(spec);
    await using box = await runtime.open(spec.id);
    expect(await read(box, "work.txt")).toBe("work.txt");
  });

  test("removes a home that has lost its place", async () => {
    const { runtime } = current();
    const spec = newSpec();
    await runtime.create(spec);
    await runtime.abandon(spec.id);
    await runtime.remove(spec.id);
    expect(await runtime.homes()).not.toContain(spec.id);
  });

  test("renames a running place without a break, and frees the old name", async () => {
    const { runtime, running } = current();
    await using made = await running();
    const { id, name } = made.spec;
    await using box = await runtime.open(id);
    await runtime.rename(id, `${name}-b`);
    await runtime.rename(id, `${name}-b`);
    expect(await runtime.find(id)).toEqual({ ...made.place, name: `${name}-b` });
    await box.files.write(`${box.home}/after.txt`, text("after"));
    await using successor = await running({ ...newSpec(), name });
    expect(successor.place.name).toBe(name);
    await using box2 = await runtime.open(successor.spec.id);
    expect(await codeOf(box2.files.stat(`${box2.home}/after.txt`))).toBe("file_not_found");
    await runtime.rename(newSpec().id, "nobody");
  });

  test("knows nothing of another worker's places, also of the same name", async () => {
    const { runtime, other, running } = current();
    await using mine = await running();
    const theirs = { ...newSpec(), name: mine.spec.name };
    await using _ = removing(other.runtime, theirs);
    const place = await other.runtime.create(theirs);
    expect(place.name).toBe(mine.spec.name);
    expect((await runtime.list()).map(({ id }) => id)).not.toContain(theirs.id);
    expect(await runtime.homes()).not.toContain(theirs.id);
    expect(await runtime.find(theirs.id)).toBeUndefined();
    await runtime.stop(theirs.id);
    await other.runtime.rename(theirs.id, `${theirs.name}-c`);
    expect(await other.runtime.find(theirs.id)).toMatchObject({ name: `${theirs.name}-c` });
    expect(await runtime.find(mine.spec.id)).toMatchObject({ name: mine.spec.name });
  });

  test("makes nothing under a signal that has already aborted", async () => {
    const { runtime } = current();
    const spec = newSpec();
    await using _ = removing(runtime, spec);
    expect(await codeOf(runtime.create(spec, AbortSignal.abort()))).toBe("aborted");
    expect(await runtime.find(spec.id)).toBeUndefined();
  });

  test("makes and removes several places at once", async () => {
    const { runtime } = current();
    const specs = [newSpec(), newSpec(), newSpec()];
    const places = await Promise.all(
      specs.map(async (spec) => {
        await runtime.create(spec);
        return runtime.start(spec);
      }),
    );
    expect(places.map(({ power }) => power)).toEqual(["running", "running", "running"]);
    await Promise.all(specs.map(({ id }) => runtime.remove(id)));
    const left = new Set((await runtime.list()).map(({ id }) => id));
    expect(specs.filter(({ id }) => left.has(id))).toEqual([]);
  });
}
