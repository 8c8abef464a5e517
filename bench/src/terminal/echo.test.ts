import { expect, test } from "vitest";
import { echoSampler } from "./echo.ts";

const { signal } = new AbortController();

test("each sample is one key and its echo, and a line is ended before the kernel's editor is full", async () => {
  const typed: string[] = [];
  let listener = (_text: string): void => undefined;
  const terminal = {
    write(text: string) {
      typed.push(text);
      queueMicrotask(() => listener(text === "\r" ? "\r\n" : text));
    },
    onOutput: (added: (text: string) => void) => (listener = added),
  };
  const sample = echoSampler(terminal, 0);
  for (let count = 0; count < 205; count += 1) expect(await sample(signal)).toBeGreaterThanOrEqual(0);
  expect(typed.filter((key) => key === "\r")).toHaveLength(1);
  expect(typed.filter((key) => /^[a-z]$/.test(key))).toHaveLength(205);
});

test("an echo that does not come is waited for until the abort", async () => {
  const controller = new AbortController();
  const sample = echoSampler({
    write: () => controller.abort(new Error("enough")),
    onOutput: () => undefined,
  });
  await expect(sample(controller.signal)).rejects.toThrow("enough");
});
