import { expect, test } from "vitest";
import { interleave, timed } from "./harness.ts";

const { signal } = new AbortController();

test("ours and the peer are sampled in turn", async () => {
  const order: string[] = [];
  const sampler = (name: string) => async () => order.push(name);
  await interleave({ ours: sampler("a"), peer: sampler("b"), rounds: 2, warmups: 1, signal });
  expect(order.join(" ")).toBe("a b a b a b");
});

test("warm-ups are run and thrown away", async () => {
  let count = 0;
  const { ours, peer } = await interleave({ ours: async () => (count += 1), rounds: 3, warmups: 2, signal });
  expect(ours).toEqual([3, 4, 5]);
  expect(peer).toEqual([]);
});

test("a burst is taken by one side before it is the other's turn", async () => {
  const order: string[] = [];
  const sampler = (name: string) => async () => order.push(name);
  const samples = await interleave({ ours: sampler("a"), peer: sampler("b"), rounds: 4, warmups: 2, burst: 2, signal });
  expect(order.join("")).toBe("aabbaabbaabb");
  expect(samples.ours).toHaveLength(4);
});

test("an abort ends the series before the next sample", async () => {
  const controller = new AbortController();
  let count = 0;
  const series = interleave({
    ours: async () => {
      count += 1;
      if (count === 2) controller.abort(new Error("enough"));
      return 0;
    },
    rounds: 10,
    signal: controller.signal,
  });
  await expect(series).rejects.toThrow("enough");
  expect(count).toBe(2);
});

test("a sample that fails fails the series", async () => {
  const broken = async (): Promise<number> => {
    throw new Error("the peer died");
  };
  await expect(interleave({ ours: async () => 1, peer: broken, rounds: 1, signal })).rejects.toThrow("the peer died");
});

test("work is timed to its end", async () => {
  let ended = false;
  const took = await timed(async () => {
    await Promise.resolve();
    ended = true;
  });
  expect(ended).toBe(true);
  expect(took).toBeGreaterThanOrEqual(0);
});
