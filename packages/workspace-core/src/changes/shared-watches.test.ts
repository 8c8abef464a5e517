import { describe, expect, test } from "vitest";

import { WsError } from "../errors.ts";
import { createPolicy } from "../policy/policy.ts";
import type { Box, Log, WatchBatch } from "../ports.ts";
import { createFakeBox } from "../testing/fake-box.ts";
import { createFakeHome } from "../testing/fake-home.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import type { FileChange } from "./file-change.ts";
import { createSharedWatches } from "./shared-watches.ts";

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

describe("those who look at one workspace", () => {
  test("share one watching, which ends with the last of them, and begins again with the next", async () => {
    const { look, box, watched, home, told } = place();
    const [first, second] = [look(), look(["private"])];
    expect(await told(first)).toEqual({ resync: true });
    expect(await told(second)).toEqual({ resync: true });
    expect(watched()).toEqual({ begun: 1, going: 1 });
    await box.files.write("/home/private", new Uint8Array());
    await box.files.write("/home/public", new Uint8Array());
    expect(await told(first)).toEqual({ paths: ["private", "public"] });
    expect(await told(second)).toEqual({ paths: ["public"] });
    await first.leave();
    expect(watched()).toEqual({ begun: 1, going: 1 });
    await second.leave();
    await expect.poll(() => watched().going).toBe(0);
    const third = look();
    expect(await told(third)).toEqual({ resync: true });
    expect(watched()).toEqual({ begun: 2, going: 1 });
    await third.leave();
    home.directories.clear();
  });

  test("come and go while others stay, and one who reads nothing holds nobody up", async () => {
    const { look, box, told } = place();
    const [reader, sleeper] = [look(), look()];
    expect(await told(reader)).toEqual({ resync: true });
    expect(await told(sleeper)).toEqual({ resync: true });
    for (let round = 0; round < 20; round += 1) {
      await box.files.write(`/home/${round}`, new Uint8Array());
      expect(await told(reader)).toEqual({ paths: [String(round)] });
    }
    const late = look();
    expect(await told(late)).toEqual({ resync: true });
    const all = (await told(sleeper)) as { paths: string[] };
    expect(all.paths).toHaveLength(20);
    for (const each of [reader, sleeper, late]) await each.leave();
  });

  test("are told that anything may have changed once what watched was ended and begins again", async () => {
    const { look, fail, watched, clock, told } = place();
    const viewer = look();
    expect(await told(viewer)).toEqual({ resync: true });
    fail(new WsError("internal", { message: "It was ended.", data: {} }));
    await clock.idle();
    expect(await told(viewer)).toEqual({ resync: true });
    expect(watched().begun).toBe(2);
    await viewer.leave();
  });

  test("are told that changes come late where what watches ends again and again, whoever comes later too, until it goes on", async () => {
    const { look, failAlways, watched, told } = place();
    const viewer = look();
    expect(await told(viewer)).toEqual({ resync: true });
    const goOn = failAlways(new WsError("internal", { message: "It was ended.", data: {} }));
    const slow = { resync: true, slow: expect.stringContaining("cannot be watched") };
    expect(await told(viewer)).toEqual(slow);
    const late = look();
    expect(await told(late)).toEqual(slow);
    expect(await told(viewer)).toEqual(slow);
    goOn();
    await expect.poll(async () => told(viewer)).toEqual({ resync: true });
    expect(watched().begun).toBeGreaterThan(2);
    for (const each of [viewer, late]) await each.leave();
  });

  test("are told why where the channel closes, each of them", async () => {
    const { look, box, told } = place();
    const viewers = [look(), look()];
    for (const viewer of viewers) expect(await told(viewer)).toEqual({ resync: true });
    const ends = viewers.map((viewer) => told(viewer));
    await box[Symbol.asyncDispose]();
    for (const end of ends) await expect(end).rejects.toThrow("explained: box_closed");
  });
});

interface Viewer {
  next(): Promise<FileChange | undefined>;
  leave(): Promise<void>;
}

/** One that is watched, with a viewer's clock that goes on by itself as long as somebody waits. */
function place() {
  const clock = createManualClock();
  const home = createFakeHome("ws-fake");
  const inner = createFakeBox(home, new AbortController().signal);
  const counts = { begun: 0, going: 0 };
  let failing = Promise.withResolvers<never>();
  let broken: unknown;
  async function* watch(...call: Parameters<Box["watch"]>): AsyncGenerator<WatchBatch, void> {
    counts.begun += 1;
    counts.going += 1;
    if (broken !== undefined) {
      counts.going -= 1;
      throw broken;
    }
    const batches = inner.watch(...call)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await Promise.race([batches.next(), failing.promise]);
        if (done === true) return;
        yield value;
      }
    } finally {
      counts.going -= 1;
    }
  }
  const box: Box = { ...inner, watch };
  const watches = createSharedWatches({ clock, log: silent });
  const reasonOf = async (error: unknown): Promise<Error> => new Error(`explained: ${(error as WsError).code}`);
  return {
    clock,
    home,
    box,
    watched: () => ({ ...counts }),
    /** From now on each watching fails at once, until what is returned is called. */
    failAlways(error: unknown): () => void {
      broken = error;
      failing.reject(error);
      return () => {
        broken = undefined;
        failing = Promise.withResolvers();
      };
    },
    fail(error: unknown) {
      const { reject } = failing;
      failing = Promise.withResolvers();
      reject(error);
    },
    look(hidden: string[] = []): Viewer {
      const abort = new AbortController();
      const rules = { hiddenPaths: hidden };
      const policy = () => createPolicy([{ of: "workspace" as const, name: "demo", rules }]);
      const changes = watches.changes({ id: "ws-fake", box, root: "/home", policy }, reasonOf, abort.signal);
      return {
        next: async () => (await changes.next()).value ?? undefined,
        async leave() {
          abort.abort();
          await changes.return();
        },
      };
    },
    told: (viewer: Viewer) => passing(clock, viewer.next()),
  };
}

/** What comes of work that waits for time, which passes meanwhile. */
async function passing<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let isOver = false;
  const over = work.finally(() => (isOver = true));
  over.catch(() => undefined);
  for (let turn = 0; turn < 1_000 && !isOver; turn += 1) {
    for (let step = 0; step < 20; step += 1) await Promise.resolve();
    clock.advance(1_000);
  }
  return over;
}
