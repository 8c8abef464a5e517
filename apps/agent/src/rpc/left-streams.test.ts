import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { startTestAgent } from "../testing/test-agent.ts";

test("a stream that its client leaves ends, also where memory was tidied since it was opened (undici forgets whom to tell)", async () => {
  await using agent = await startTestAgent();
  const { token } = await agent.local.tokens.create({ name: "viewer" });
  const client = agent.remote(token);
  const leaving = new AbortController();
  const opened = Promise.withResolvers<void>();
  const events = await client.workspaces.events({}, { signal: leaving.signal });
  const reading = (async () => {
    for await (const _event of events) opened.resolve();
  })();
  await opened.promise;
  collectGarbage();
  leaving.abort();
  await expect(reading).rejects.toMatchObject({ name: "AbortError" });
});

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
