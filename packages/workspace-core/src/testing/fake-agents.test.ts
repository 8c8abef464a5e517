import { agentSuite } from "./agent-suite.ts";
import { fakeAgents } from "./agent-stand-in/fake-agents.ts";
import { createFakeRuns } from "./fake-runs.ts";
import { createManualClock } from "./manual-clock.ts";

agentSuite("A fake place", async () => {
  const clock = createManualClock();
  const conversations = new Map<string, readonly string[]>();
  const runs = createFakeRuns({ clock, programs: fakeAgents({ clock, conversations }) });
  return {
    runs,
    clock,
    async pass(ms) {
      await new Promise((resolve) => setTimeout(resolve));
      clock.advance(ms);
      await new Promise((resolve) => setTimeout(resolve));
    },
    told: async (session) => conversations.get(session) ?? [],
    async [Symbol.asyncDispose]() {},
  };
});
