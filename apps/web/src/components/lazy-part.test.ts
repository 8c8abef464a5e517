import { manualTimers } from "@ws/rpc-contract/testing";
import { createElement } from "react";
import { renderToReadableStream } from "react-dom/server";
import { expect, test } from "vitest";
import { PartMissing } from "../part-missing.ts";
import { lazyPart, loadAgain } from "./lazy-part.ts";

/** Fails so many times. */
function flaky(failures: number) {
  const timers = manualTimers();
  let tries = 0;
  const loading = loadAgain(async () => {
    tries += 1;
    if (tries <= failures) throw new TypeError("Failed to fetch dynamically imported module");
    return "part";
  }, timers);
  return { timers, loading, tries: () => tries };
}

test("A part whose script did not come is asked for again, and shown once it comes", async () => {
  const { timers, loading, tries } = flaky(2);
  await expect
    .poll(() => {
      timers.advance(5_000);
      return tries();
    })
    .toBe(3);
  await expect(loading).resolves.toBe("part");
});

test("What does not come at all is a failure in the end", async () => {
  const { timers, loading, tries } = flaky(9);
  const failed = loading.catch((error: unknown) => error);
  await expect
    .poll(() => {
      timers.advance(5_000);
      return tries();
    })
    .toBe(4);
  expect(await failed).toMatchObject({
    message: expect.stringContaining("did not come"),
    cause: expect.any(TypeError),
  });
});

test("A part that did not come is not asked for again until that is forgotten, and then comes", async () => {
  let asked = 0;
  let comes = false;
  const Part = lazyPart(
    async () => {
      asked += 1;
      if (!comes) throw new TypeError("Failed to fetch dynamically imported module");
      return { default: ({ name }: { name: string }) => createElement("p", null, name) };
    },
    { ...manualTimers(), after: (_, then) => (then(), () => undefined) },
  );
  const show = async () => {
    const stream = await renderToReadableStream(createElement(Part, { name: "here" }), { onError: () => undefined });
    return new Response(stream).text();
  };
  const failed = await show().catch((error: unknown) => error);
  if (!(failed instanceof PartMissing)) throw new Error("It was shown, though it never came.");
  expect(asked).toBe(4);
  comes = true;
  expect(await show().catch((error: unknown) => error)).toBe(failed);
  failed.forget();
  expect(await show()).toBe("<p>here</p>");
  expect(asked).toBe(5);
});
