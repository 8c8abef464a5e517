import { expect, test } from "vitest";
import { createCapture } from "./capture.ts";

test("both outputs are kept apart, and a character cut by a chunk is whole again", () => {
  const capture = createCapture();
  const bytes = Buffer.from("é");
  capture.stdout.write(bytes.subarray(0, 1));
  capture.stderr.write("err");
  capture.stdout.write(bytes.subarray(1));
  expect(capture.result()).toEqual({ stdout: "é", stderr: "err" });
});

test("what goes over the limit is taken, left out and told", () => {
  const capture = createCapture(4);
  capture.stdout.write("abc");
  capture.stderr.write("def");
  expect(capture.stdout.write("ghi")).toBe(true);
  expect(capture.result()).toEqual({ stdout: "abc", stderr: "d", truncated: true });
});
