import { expect, test } from "vitest";
import { createFakeIo } from "../testing/fake-io.ts";
import { drawQr } from "./qr.ts";

const LINK = "https://192.168.1.20:7391/#pair=K7QM-4XTR";

function drawn(env: Record<string, string>, columns: number, rows: number, isTTY = true): string[] {
  const io = createFakeIo(env);
  const printed: string[] = [];
  drawQr(
    { io: { ...io, stdout: Object.assign(io.stdout, { isTTY, columns, rows }) }, print: (text) => printed.push(text) },
    LINK,
    4,
  );
  return printed.join("\n").split("\n");
}

test("on an ordinary terminal the picture and what was printed before it fit one screen", () => {
  const lines = drawn({ LANG: "en_US.UTF-8" }, 80, 24);
  // The prompt, the words before, the words after.
  expect(lines.length + 1 + 4 + 1).toBeLessThanOrEqual(24);
  expect(lines[1]).toContain("\u001b[97;40m█▀▀▀▀▀▀▀█");
  expect(drawn({ LANG: "C.UTF-8", NO_COLOR: "1" }, 80, 24)[1]).toMatch(/^ {2}█▀▀▀▀▀▀▀█/);
});

test.each([
  ["a terminal without the letters for it", { LANG: "C" }, 80, 24, true],
  ["a small terminal", { LANG: "C.UTF-8" }, 80, 20, true],
  ["a narrow terminal", { LANG: "C.UTF-8" }, 30, 50, true],
  ["a pipe", { LANG: "C.UTF-8" }, 80, 24, false],
] as const)("%s has the link alone", (_where, env, columns, rows, isTTY) => {
  expect(drawn(env, columns, rows, isTTY)).toEqual([""]);
});
