import * as fc from "fast-check";
import { expect, test } from "vitest";
import { published, type Published } from "./published.ts";

interface Story {
  values: number[];
  end: "over" | "fails" | "its caller's token ended";
}

const stories = fc.record<Story>({
  values: fc.array(fc.nat(9), { maxLength: 5 }),
  end: fc.constantFrom("over", "fails", "its caller's token ended"),
});

function open({ values, end }: Story): { stream: Published<{ value: number }>; left: () => boolean } {
  const gone = new AbortController();
  let left = false;
  async function* source() {
    try {
      for (const value of values) yield { value };
      if (end === "fails") throw new Error("broken");
      if (end !== "over") gone.abort(new Error("revoked"));
    } finally {
      left = true;
    }
  }
  const tell = (error: unknown): Error => new Error(`told: ${(error as Error).message}`);
  return { stream: published(source(), { tell, gone: gone.signal }), left: () => left };
}

async function ending(stream: AsyncIterator<unknown>): Promise<string> {
  return stream.next().then(
    ({ done }) => (done === true ? "over" : "goes on"),
    (error: Error) => error.message,
  );
}

const SAYS = { over: "over", fails: "told: broken", "its caller's token ended": "told: revoked" };

test("read past what was put around it or not, it gives the same values and ends in the same way, however often it is asked", async () => {
  await fc.assert(
    fc.asyncProperty(stories, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), async (story, ways) => {
      const { stream, left } = open(story);
      const seen: number[] = [];
      for (const isPast of ways) {
        const one = isPast
          ? await stream.value()
          : await stream.next().then(
              ({ value }) => value,
              () => undefined,
            );
        if (one === undefined) break;
        seen.push(one.value);
      }
      expect(seen).toEqual(story.values);
      expect([await ending(stream), await ending(stream)]).toEqual([SAYS[story.end], SAYS[story.end]]);
      expect(left()).toBe(true);
    }),
  );
});

test("whoever leaves it leaves its source, and it is over", async () => {
  const { stream, left } = open({ values: [1, 2], end: "fails" });
  expect(await stream.value()).toEqual({ value: 1 });
  await stream.return?.();
  expect(left()).toBe(true);
  expect(await ending(stream)).toBe("over");
});
