import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
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

test("without an agent what keeps one from starting is looked at all the same, of this machine's own worker only", async () => {
  await using agent = await startLocalAgent();
  await agent.close();
  const look = async () => {
    const { code, out } = await agent.ws(["doctor", "--json"]);
    return { code, checks: JSON.parse(out) as { id: string; status: string; message: string }[] };
  };
  const well = await look();
  expect(well.code).toBe(1);
  expect(well.checks.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["node", "agent", "runtime", "disk", "settings", "state", "permissions", "inotify"]),
  );
  const statusOf = (checks: typeof well.checks, id: string) => checks.find((check) => check.id === id)?.status;
  expect(["settings", "state", "permissions"].map((id) => statusOf(well.checks, id))).toEqual(["ok", "ok", "ok"]);
  writeFileSync(join(agent.configDirectory, "config.json"), "{", { mode: 0o644 });
  chmodSync(join(agent.configDirectory, "config.json"), 0o644);
  const { checks } = await look();
  expect(["settings", "permissions"].map((id) => statusOf(checks, id))).toEqual(["fail", "fail"]);
  const elsewhere = JSON.parse((await agent.ws(["--on", "desk", "doctor", "--json"])).out) as object[];
  expect(elsewhere).toHaveLength(2);
});

test("a bundle is of the worker on this machine", async () => {
  await using agent = await startLocalAgent();
  const refused = await agent.ws(["--on", "desk", "doctor", "--bundle", "bundle.txt"]);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining("without --on desk") });
  expect(existsSync(join(agent.directory, "bundle.txt"))).toBe(false);
});
