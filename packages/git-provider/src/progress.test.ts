import type { Progress } from "@ws/workspace-core";
import { expect, test } from "vitest";
import { parseProgress, progressReporter } from "./progress.ts";

test.each<[string, Progress | undefined]>([
  ["remote: Counting objects:  50% (5/10)", { message: "Counting objects", percent: 50 }],
  ["remote: Counting objects: 100% (10/10), done.", { message: "Counting objects", percent: 100 }],
  [
    "Receiving objects:  42% (420/1000), 1.20 MiB | 3.00 MiB/s",
    { message: "Receiving objects (1.20 MiB, 3.00 MiB/s)", percent: 42 },
  ],
  ["Receiving objects: 100% (3/3), done.", { message: "Receiving objects", percent: 100 }],
  ["Resolving deltas:   0% (0/7)", { message: "Resolving deltas", percent: 0 }],
  ["Updating files: 99% (99/100)", { message: "Updating files", percent: 99 }],
  ["Cloning into 'x'...", undefined],
  ["remote: Enumerating objects: 5, done.", undefined],
])("%j reads as %j", (line, progress) => {
  expect(parseProgress(line)).toEqual(progress);
});

test("a percent is told once", () => {
  const told: Progress[] = [];
  const onLine = progressReporter((progress) => told.push(progress));
  for (let object = 0; object <= 1_000; object += 1) {
    onLine(
      `Receiving objects: ${String(Math.floor(object / 10)).padStart(3)}% (${object}/1000), ${object} bytes | 1 KiB/s`,
    );
  }
  expect(told).toHaveLength(101);
});
