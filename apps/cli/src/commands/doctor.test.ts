import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startLocalAgent } from "../testing/local-agent.ts";

test("a bundle is written after the list of what is in it, of an agent that is gone too, and over no other file", async () => {
  await using agent = await startLocalAgent();
  const { ws, directory } = agent;
  const { code, out } = await ws(["doctor", "--bundle", "bundle.txt"]);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^PART +SIZE +WHAT\ndoctor\.json [\s\S]*\nagent\.log .*2 MiB at most\n\S+bundle\.txt +[\d.]+ \w+\n$/,
  );
  expect(readFileSync(join(directory, "bundle.txt"), "utf8")).toContain('"id": "runtime"');
  const again = await ws(["doctor", "--bundle", "bundle.txt"]);
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining("exists already") });
  await agent.close();
  const gone = await ws(["doctor", "--bundle", "gone.txt", "--json"]);
  expect(gone.code).toBe(0);
  expect(JSON.parse(gone.out)).toMatchObject({
    file: join(directory, "gone.txt"),
    parts: [{ name: "doctor.json" }, {}, {}, {}, {}],
  });
  expect(readFileSync(join(directory, "gone.txt"), "utf8")).toMatch(/"id": "agent"[\s\S]*"status": "fail"/);
});

test("a bundle is of the worker on this machine", async () => {
  await using agent = await startLocalAgent();
  const refused = await agent.ws(["--on", "desk", "doctor", "--bundle", "bundle.txt"]);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining("without --on desk") });
  expect(existsSync(join(agent.directory, "bundle.txt"))).toBe(false);
});
