import { beforeAll, beforeEach } from "vitest";
import type { AgentProcess } from "./agent-process.ts";

/**
 * The agent that the tests of a file or of a block share, with what it needs: opened before the first of them and taken
 * away in reverse after the last, also where the opening failed half-way. What it printed last is shown where a test fails.
 */
export function shareAgent(open: (parts: AsyncDisposableStack) => Promise<AgentProcess>): void {
  let agent: AgentProcess | undefined;
  beforeAll(async () => {
    await using opening = new AsyncDisposableStack();
    agent = await open(opening);
    const parts = opening.move();
    return () => parts.disposeAsync();
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => console.error(agent?.output().slice(-6_000)));
  });
}
