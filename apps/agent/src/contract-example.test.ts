import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ask } from "./testing/contract-example.ts";
import { startTestAgent } from "./testing/test-agent.ts";

test("the example in the README of the contract is the one that runs here", async () => {
  const readme = readFileSync(new URL("../../../packages/rpc-contract/README.md", import.meta.url), "utf8");
  const example = readFileSync(new URL("testing/contract-example.ts", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);

  await using worker = await startTestAgent();
  const { token } = await worker.local.tokens.create({ name: "readme" });
  const url = worker.agent.url;
  // The fake shell says the command.
  expect(await ask(url, token, "https://git.example.test/acme/app")).toBe("git log -1 --oneline\n");
  expect(await ask(url, token, "https://git.example.test/acme/other")).toMatch(/^CONFLICT, idempotency_mismatch: \S/);
});
