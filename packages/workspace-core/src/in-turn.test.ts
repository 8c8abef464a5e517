import { expect, test } from "vitest";
import { inTurn } from "./in-turn.ts";

/** Work on each item that ends when the test says so. */
function createWork() {
  const begun: number[] = [];
  const ends = new Map<number, PromiseWithResolvers<void>>();
  const end = (item: number): PromiseWithResolvers<void> => {
    const known = ends.get(item) ?? Promise.withResolvers<void>();
    ends.set(item, known);
    return known;
  };
  const work = async (item: number): Promise<string> => {
    begun.push(item);
    await end(item).promise;
    return `${item} done`;
  };
  return { begun, end, work };
}

test("what comes of items is told in their order, however they end, with no more begun ahead than may be", async () => {
  const { begun, end, work } = createWork();
  const results = inTurn([1, 2, 3, 4, 5], work, { most: 3 });
  const first = results.next();
  await expect.poll(() => begun).toEqual([1, 2, 3]);
  end(3).resolve();
  end(2).resolve();
  end(1).resolve();
  expect(await first).toEqual({ done: false, value: "1 done" });
  expect(begun).toEqual([1, 2, 3]);
  end(4).resolve();
  end(5).resolve();
  expect(await Array.fromAsync(results)).toEqual(["2 done", "3 done", "4 done", "5 done"]);
});

test("items that are too large together are not begun together, and one that is too large alone is begun alone", async () => {
  const { begun, end, work } = createWork();
  const results = inTurn([4, 5, 20, 1], work, { most: 8, weigh: (item) => item, limit: 10 });
  const first = results.next();
  await expect.poll(() => begun).toEqual([4, 5]);
  for (const item of [4, 5]) end(item).resolve();
  await first;
  await results.next();
  const large = results.next();
  await expect.poll(() => begun).toEqual([4, 5, 20]);
  end(20).resolve();
  expect(await large).toMatchObject({ value: "20 done" });
  end(1).resolve();
  expect(await Array.fromAsync(results)).toEqual(["1 done"]);
});

test("what was begun and is not taken is closed, where its reader leaves and where an item before it fails", async () => {
  for (const isFailing of [false, true]) {
    const { end, work } = createWork();
    const dropped: string[] = [];
    const drop = async (result: string): Promise<void> => void dropped.push(result);
    const results = inTurn([1, 2, 3, 4], work, { most: 3, drop });
    for (const item of [1, 3]) end(item).resolve();
    await results.next();
    if (isFailing) {
      end(2).reject(new Error("broken"));
      end(4).resolve();
      await expect(results.next()).rejects.toThrow("broken");
      expect(dropped).toEqual(["3 done", "4 done"]);
    } else {
      end(2).resolve();
      await results.return(undefined);
      expect(dropped).toEqual(["2 done", "3 done"]);
    }
  }
});
