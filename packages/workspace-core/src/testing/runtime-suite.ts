import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { toWsError, type ErrorCode } from "../errors.ts";
import type { Box, ByteSource, Place, PlaceSpec, Printed, Runtime, RuntimeEvent } from "../ports.ts";
import type { WorkspaceId } from "../workspace.ts";

/** A runtime of its own instance: what two of them make never meets. Disposing removes all of it. */
export interface RuntimeSubject extends AsyncDisposable {
  runtime: Runtime;
}

export interface RuntimeCapabilities<S extends RuntimeSubject> {
  /** Ends a running place from outside, as a crash does; the exit that has to be reported. */
  crash(subject: S, place: Place): Promise<{ code: number; oom: boolean }>;
  /** Makes a running place print a line itself. Absent where places print nothing. */
  print?(subject: S, box: Box, line: string): Promise<void>;
  /** Whether `sleep` can be run, so that ending processes can be looked at. */
  processes: boolean;
}

/** What every Runtime has to do, whatever it is made of. `make` is called twice. */
export function runtimeSuite<S extends RuntimeSubject>(
  title: string,
  make: () => Promise<S>,
  capabilities: RuntimeCapabilities<S>,
): void {
  describe(`${title} is a runtime`, () => {
    let subject: S;
    let other: S;
    let runtime: Runtime;

    beforeAll(async () => {
      subject = await make();
      runtime = subject.runtime;
      other = await make();
      await runtime.prepare({ report: () => undefined });
      await other.runtime.prepare({ report: () => undefined });
    });
    afterAll(async () => {
      await subject[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
    });

    /** A running place that goes when the test ends. */
    async function running(spec = newSpec()): Promise<AsyncDisposable & { spec: PlaceSpec; place: Place }> {
      await runtime.create(spec);
      const place = await runtime.start(spec);
      return { spec, place, [Symbol.asyncDispose]: () => runtime.remove(spec.id) };
    }

    test("says what it is", async () => {
      const status = await runtime.status();
      expect(status.runtime).toBe(runtime.name);
      expect(["container", "sandbox", "none"]).toContain(status.isolation);
    });

    test("can be prepared again, also at the same time", async () => {
      const prepare = (): Promise<void> => runtime.prepare({ report: () => undefined });
      await Promise.all([prepare(), prepare(), prepare()]);
      await expect(prepare()).resolves.toBeUndefined();
    });

    test("creates one place and one home, not started", async () => {
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
      const spec = newSpec();
      await using _ = removing(runtime, spec);
      const places = await Promise.all([1, 2, 3, 4].map(() => runtime.create(spec)));
      places.push(await runtime.create(spec));
      expect(new Set(places.map(({ handle }) => handle)).size).toBe(1);
      expect((await runtime.list()).filter(({ id }) => id === spec.id)).toHaveLength(1);
    });

    test("starts a place, and leaves one that runs alone", async () => {
      await using made = await running();
      expect(made.place).toMatchObject({ id: made.spec.id, power: "running" });
      const again = await runtime.start(made.spec);
      expect(again).toEqual(made.place);
      expect(await runtime.find(made.spec.id)).toMatchObject({ power: "running" });
    });

    test("refuses to start what was never created", async () => {
      expect(await codeOf(runtime.start(newSpec()))).toBe("box_unavailable");
    });

    test("opens a channel whose files outlive a stop, a start and a rename", async () => {
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
      const spec = newSpec();
      await using _ = removing(runtime, spec);
      await runtime.create(spec);
      expect(await codeOf(runtime.open(spec.id))).toBe("box_unavailable");
      expect(await codeOf(runtime.open(newSpec().id))).toBe("box_unavailable");
    });

    test("stops a place, and leaves a stopped or absent one alone", async () => {
      await using made = await running();
      const { id } = made.spec;
      await using box = await runtime.open(id);
      await runtime.stop(id);
      expect((await box.closed).code).toBe("box_closed");
      expect(await runtime.find(id)).toMatchObject({ power: "stopped" });
      await runtime.stop(id);
      await runtime.stop(newSpec().id);
    });

    const { processes, print } = capabilities;
    only(processes, () => {
      test("ends every process with a stop", async () => {
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
      await using made = await running();
      await runtime.stop(made.spec.id);
      expect((await runtime.find(made.spec.id))?.exit).toBeUndefined();
    });

    test("removes a place with its home, whatever state it is in, and what is gone already", async () => {
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
      const spec = newSpec();
      await runtime.create(spec);
      await runtime.abandon(spec.id);
      await runtime.remove(spec.id);
      expect(await runtime.homes()).not.toContain(spec.id);
    });

    test("renames a running place without a break, and frees the old name", async () => {
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

    test("tells of a place that ends by itself, and not of one that was asked to", async () => {
      const leaving = new AbortController();
      const events = runtime.events(leaving.signal)[Symbol.asyncIterator]();
      const first = events.next();
      await using stopped = await running();
      await using removed = await running();
      await using crashed = await running();
      await runtime.stop(stopped.spec.id);
      await runtime.remove(removed.spec.id);
      const exit = await capabilities.crash(subject, crashed.place);
      const { value: event } = (await first) as { value: RuntimeEvent };
      expect(event).toEqual({ type: "exited", id: crashed.spec.id, exit });
      expect(await runtime.find(crashed.spec.id)).toMatchObject({ power: "stopped", exit });
      await runtime.start(crashed.spec);
      expect((await runtime.find(crashed.spec.id))?.exit).toBeUndefined();
      leaving.abort();
      expect((await events.next()).done).toBe(true);
    });

    test("ends its events when asked to, also while nothing happens", async () => {
      const leaving = new AbortController();
      const next = runtime.events(leaving.signal)[Symbol.asyncIterator]().next();
      leaving.abort();
      expect((await next).done).toBe(true);
    });

    test("has the printed lines of no place at all, and ends there", async () => {
      expect(await said(runtime.logs(newSpec().id, {}))).toBe("");
      expect(await said(runtime.logs(newSpec().id, { follow: true }))).toBe("");
    });

    only(print !== undefined, () => {
      test("gives what a place printed, its last lines, and what follows", async () => {
        await using made = await running();
        const { id } = made.spec;
        await using box = await runtime.open(id);
        await print?.(subject, box, "one");
        await print?.(subject, box, "two");
        const leaving = new AbortController();
        const followed = linesOf(runtime.logs(id, { follow: true, signal: leaving.signal }));
        expect((await followed.next()).value).toBe("one");
        expect((await followed.next()).value).toBe("two");
        expect(await said(runtime.logs(id, {}))).toBe("one\ntwo\n");
        expect(await said(runtime.logs(id, { tail: 1 }))).toBe("two\n");
        await print?.(subject, box, "three");
        expect((await followed.next()).value).toBe("three");
        leaving.abort();
        await followed.next().catch(() => undefined);
      });

      test("goes on after any place in what was printed, also over a stop", async () => {
        await using made = await running();
        const { spec } = made;
        const write = async (...words: string[]): Promise<void> => {
          await using box = await runtime.open(spec.id);
          for (const word of words) await print?.(subject, box, word);
        };
        const rest = (after: string, follow = false): Promise<string> => said(runtime.logs(spec.id, { after, follow }));
        await write("one", "two", "two", "three");
        const ends = (await Array.fromAsync(runtime.logs(spec.id, {}))).map(({ at }) => at);
        expect(ends).toHaveLength(4);
        expect(await Promise.all(ends.map((end) => rest(end)))).toEqual([
          "two\ntwo\nthree\n",
          "two\nthree\n",
          "three\n",
          "",
        ]);
        await runtime.stop(spec.id);
        expect(await rest(ends[2] ?? "", true)).toBe("three\n");
        await runtime.start(spec);
        await write("four");
        expect(await rest(ends[3] ?? "")).toBe("four\n");
      });
    });

    test("makes nothing under a signal that has already aborted", async () => {
      const spec = newSpec();
      await using _ = removing(runtime, spec);
      expect(await codeOf(runtime.create(spec, AbortSignal.abort()))).toBe("aborted");
      expect(await runtime.find(spec.id)).toBeUndefined();
    });

    test("makes and removes several places at once", async () => {
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
  });
}

/** Tests that some runtimes cannot take; left out and not skipped, because nothing is missing there. */
function only(able: boolean, define: () => void): void {
  if (able) define();
}

function newSpec(): PlaceSpec {
  const random = crypto.randomUUID().replaceAll("-", "").slice(0, 10);
  const id: WorkspaceId = `ws-${random}`;
  return { id, name: `suite-${random}`, profile: "person", limits: {} };
}

function removing(runtime: Runtime, spec: PlaceSpec): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => runtime.remove(spec.id) };
}

async function writeFile(runtime: Runtime, id: WorkspaceId, name: string): Promise<void> {
  await using box = await runtime.open(id);
  await box.files.write(`${box.home}/${name}`, text(name));
}

async function read(box: Box, name: string): Promise<string> {
  return collect(box.files.read(`${box.home}/${name}`));
}

async function collect(source: ByteSource): Promise<string> {
  const decoder = new TextDecoder();
  let result = "";
  for await (const chunk of source) result += decoder.decode(chunk, { stream: true });
  return result;
}

function said(source: AsyncIterable<Printed>): Promise<string> {
  return collect(bytesOf(source));
}

async function* bytesOf(source: AsyncIterable<Printed>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of source) yield bytes;
}

async function* linesOf(source: AsyncIterable<Printed>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of bytesOf(source)) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** The code that work fails with; undefined where it succeeds. */
async function codeOf(work: Promise<unknown>): Promise<ErrorCode | undefined> {
  return work.then(
    () => undefined,
    (reason: unknown) => toWsError(reason).code,
  );
}
