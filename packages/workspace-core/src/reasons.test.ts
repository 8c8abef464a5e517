import { expect, test } from "vitest";
import type { BoxProcess, ByteSource } from "./ports.ts";
import { withReasons } from "./reasons.ts";

const closed = new Error("the channel broke");

/** A process that goes on until it is cut, and takes no signal. */
function deaf(): { process: BoxProcess; cut(): void } {
  const ending = Promise.withResolvers<never>();
  ending.promise.catch(() => undefined);
  const output: ByteSource = { [Symbol.asyncIterator]: () => ({ next: () => ending.promise }) };
  const signal = (): Promise<never> => Promise.reject(new Error("not heard in time"));
  return {
    process: { stdout: output, stderr: output, exit: ending.promise, signal },
    cut: () => ending.reject(closed),
  };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test("Exit and outputs fail with one and the same reason, which is asked for once", async () => {
  let asked = 0;
  const { process, cut } = deaf();
  const explained = withReasons(process, async (error) => {
    asked += 1;
    return new Error("the engine is gone", { cause: error });
  });
  cut();
  const failures = await Promise.all(
    [explained.exit, Array.fromAsync(explained.stdout), Array.fromAsync(explained.stderr)].map(failureOf),
  );
  expect(failures[0]).toMatchObject({ message: "the engine is gone", cause: closed });
  expect(new Set(failures).size).toBe(1);
  expect(asked).toBe(1);
});

test("A signal that was not heard says so itself, and not in the place of what ends the process later", async () => {
  const { process, cut } = deaf();
  const explained = withReasons(process, async (error) => error);
  await expect(explained.signal("SIGINT")).rejects.toThrow("not heard in time");
  cut();
  await expect(explained.exit).rejects.toBe(closed);
  await expect(Array.fromAsync(explained.stdout)).rejects.toBe(closed);
});
