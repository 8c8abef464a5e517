import type { Page } from "@playwright/test";

/**
 * Milliseconds that a page's main thread computes while the work goes on. What the machine does besides does not count, and neither
 * does waiting: for a frame, for a processor.
 */
export async function workOf(page: Page, work: () => Promise<unknown>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const before = await taskSeconds();
  await work();
  const after = await taskSeconds();
  await session.detach();
  return (after - before) * 1_000;

  async function taskSeconds(): Promise<number> {
    const { metrics } = await session.send("Performance.getMetrics");
    const task = metrics.find(({ name }) => name === "TaskDuration");
    if (task === undefined) throw new Error("Chromium does not tell how long its tasks took.");
    return task.value;
  }
}
