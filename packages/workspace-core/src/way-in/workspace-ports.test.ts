import { expect, test } from "vitest";
import { createHarness } from "../testing/harness.ts";

const SAID = [
  "L\t11\t3000\t0100007F",
  "L\t12\t3000\t00000000000000000000000001000000",
  "L\t13\t80\t00000000",
  "L\t14\t81\t00000000000000000000000000000000",
  "L\t15\t82\t0000000000000000FFFF00000100007F",
  "L\t16\t83\tB80D0120000000000000000001000000",
  "L\t17\t36487\t0B00007F",
  "P\t11\t42\tnode",
].join("\n");

test("what listens is told by port, with its addresses and its program, and beside it what has a name", async () => {
  await using harness = createHarness();
  const { workspaces, programs } = harness;
  programs["perl"] = () => ({ stdout: `${SAID}\n` });
  await workspaces.create({ name: "demo" });
  workspaces.ports.name("demo", [
    { port: 3000, label: "web", local: 8080 },
    { port: 5432, label: "db" },
  ]);
  expect(await workspaces.ports.list("demo")).toEqual([
    { port: 80, addresses: ["0.0.0.0"], listening: true },
    { port: 81, addresses: ["::"], listening: true },
    { port: 82, addresses: ["::ffff:127.0.0.1"], listening: true },
    { port: 83, addresses: ["2001:db8:0:0:0:0:0:1"], listening: true },
    {
      port: 3000,
      addresses: ["127.0.0.1", "::1"],
      program: "node",
      pid: 42,
      listening: true,
      label: "web",
      local: 8080,
    },
    { port: 5432, label: "db", listening: false },
  ]);
  expect(workspaces.get("demo").ports).toHaveLength(2);
  workspaces.ports.name("demo", []);
  expect(workspaces.get("demo")).not.toHaveProperty("ports");
});

test("of one that is stopped, or has no Perl, the names are told", async () => {
  await using harness = createHarness();
  const { workspaces } = harness;
  await workspaces.create({ name: "demo" });
  workspaces.ports.name("demo", [{ port: 3000, label: "web" }]);
  const named = [{ port: 3000, label: "web", listening: false }];
  expect(await workspaces.ports.list("demo")).toEqual(named);
  await workspaces.stop("demo");
  expect(await workspaces.ports.list("demo")).toEqual(named);
});

test("a connection needs a port and a workspace that runs", async () => {
  await using harness = createHarness();
  const { workspaces } = harness;
  await workspaces.create({ name: "demo" });
  for (const port of [0, 65_536, 1.5, Number.NaN]) {
    await expect(workspaces.ports.connect("demo", port)).rejects.toMatchObject({ code: "invalid_input" });
  }
  await workspaces.stop("demo");
  await expect(workspaces.ports.connect("demo", 80)).rejects.toMatchObject({ code: "workspace_not_running" });
});
