import { describe, expect, test } from "vitest";

import { createSharedWork } from "./shared-work.ts";

const quiet = (): void => undefined;

describe("shared work", () => {
  test("is done once for all who ask at the same time, and again for who asks later", async () => {
    const share = createSharedWork<number>();
    let runs = 0;
    const work = async (): Promise<number> => ++runs;
    const both = await Promise.all([share("a", work, { report: quiet }), share("a", work, { report: quiet })]);
    expect(both).toEqual([1, 1]);
    expect(await share("a", work, { report: quiet })).toBe(2);
    expect(await share("b", work, { report: quiet })).toBe(3);
  });

  test("tells everyone of its progress, a late caller of the last", async () => {
    const share = createSharedWork<void>();
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    const work = async (report: (progress: { message: string }) => void): Promise<void> => {
      report({ message: "half" });
      await gate.promise;
      report({ message: "done" });
    };
    const first = share("a", work, { report: ({ message }) => void seen.push(`1 ${message}`) });
    await Promise.resolve();
    const second = share("a", work, { report: ({ message }) => void seen.push(`2 ${message}`) });
    gate.resolve();
    await Promise.all([first, second]);
    expect(seen).toEqual(["1 half", "2 half", "1 done", "2 done"]);
  });

  test("goes on when one caller leaves, and is cancelled when all have left", async () => {
    const share = createSharedWork<string>();
    const gate = Promise.withResolvers<string>();
    let signal: AbortSignal | undefined;
    const work = (_report: unknown, cancelled: AbortSignal): Promise<string> => {
      signal = cancelled;
      return gate.promise;
    };
    const [one, two] = [new AbortController(), new AbortController()];
    const first = share("a", work, { report: quiet, signal: one.signal });
    const second = share("a", work, { report: quiet, signal: two.signal });
    one.abort();
    await expect(first).rejects.toThrow("aborted");
    expect(signal?.aborted).toBe(false);
    two.abort();
    await expect(second).rejects.toThrow("aborted");
    expect(signal?.aborted).toBe(true);
  });

  test("that was cancelled is not joined by the next caller", async () => {
    const share = createSharedWork<string>();
    const leaving = new AbortController();
    const first = share("a", () => new Promise(() => undefined), { report: quiet, signal: leaving.signal });
    leaving.abort();
    await expect(first).rejects.toThrow("aborted");
    await expect(share("a", async () => "fresh", { report: quiet })).resolves.toBe("fresh");
  });

  test("that fails fails for all, and can be tried again", async () => {
    const share = createSharedWork<string>();
    const fail = async (): Promise<string> => {
      throw new Error("no");
    };
    const both = [share("a", fail, { report: quiet }), share("a", fail, { report: quiet })];
    for (const result of both) await expect(result).rejects.toThrow("no");
    await expect(share("a", async () => "yes", { report: quiet })).resolves.toBe("yes");
  });
});
