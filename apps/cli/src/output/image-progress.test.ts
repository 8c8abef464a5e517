import { expect, test } from "vitest";
import { createFakeIo } from "../testing/fake-io.ts";
import { createImageProgress } from "./image-progress.ts";

function shown(live: boolean): { image: ReturnType<typeof createImageProgress>; text: () => string } {
  const io = createFakeIo();
  Object.assign(io.stderr, { columns: 44 });
  // The same terminal.
  Object.assign(io, { stdout: io.stderr });
  return { image: createImageProgress({ io, isLive: () => live }), text: () => io.err() };
}

/** What a terminal of one line after the other has in the end. */
function onScreen(text: string): string[] {
  return text.split("\n").map((line) => line.split("\r\u001b[K").at(-1) ?? "");
}

test("on a terminal the step stands in one line, which goes on below what the log says, and ends as done", () => {
  const { image, text } = shown(true);
  image.onImage({ type: "progress", isOwn: true, step: "Step 3/12 : RUN apt-get install", percent: 25 });
  expect(onScreen(text())).toEqual(["Building workspace image... 25 % Step 3/12…"]);
  image.writeLog("15:00 info  listening\n");
  image.write("Agent running at http://127.0.0.1:7391\n");
  image.onImage({ type: "progress", isOwn: true, step: "Step 4/12\u001b[2J" });
  expect(onScreen(text())).toEqual([
    "15:00 info  listening",
    "Agent running at http://127.0.0.1:7391",
    expect.stringMatching(/^Building workspace image\.\.\. Step 4\/12/),
  ]);
  expect(text()).not.toContain("\u001b[2J");
  image.onImage({ type: "done" });
  image.writeLog("15:01 info  ready\n");
  expect(onScreen(text())).toEqual([
    "15:00 info  listening",
    "Agent running at http://127.0.0.1:7391",
    "Building workspace image... done",
    "15:01 info  ready",
    "",
  ]);
});

test.each([
  ["done", true, "Building workspace image...\nBuilding workspace image... done\n"],
  ["failed", false, "Fetching workspace image...\nFetching workspace image... failed\n"],
] as const)("in a pipe two plain lines say when it began and that it is %s", (type, isOwn, said) => {
  const { image, text } = shown(false);
  for (let step = 1; step <= 5; step += 1) image.onImage({ type: "progress", isOwn, step: `Step ${step}` });
  image.onImage({ type });
  expect(text()).toBe(said);
});

test("where the image is there already nothing is said of it", () => {
  const { image, text } = shown(true);
  image.onImage({ type: "done" });
  expect(text()).toBe("");
});
