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

test("what cannot be a port, an address or a process is left out", async () => {
  await using harness = createHarness();
  const { workspaces, programs } = harness;
  const said = [
    ...["NaN", "99999", "0", "-1", "80.5", "", "1e9"].map((port) => `L\t1\t${port}\t00000000`),
    ...["", "evil", "0000", "0".repeat(200)].map((address) => `L\t1\t90\t${address}`),
    `L\t1\t91\t${"0".repeat(8_000)}`,
    "L\t1\t80\t00000000",
    "L\t2\t81\t00000000",
    "P\t1\tNaN\tnode",
    "P\t2\t7\t\u001b]0;x\u0007",
  ];
  programs["perl"] = () => ({ stdout: said.join("\n") });
  await workspaces.create({ name: "demo" });
  expect(await workspaces.ports.list("demo")).toEqual([
    { port: 80, addresses: ["0.0.0.0"], listening: true },
    { port: 81, addresses: ["0.0.0.0"], program: "?]0;x?", pid: 7, listening: true },
  ]);
});

test("of a Perl that says more than the script could, no more is taken, and it is ended", async () => {
  await using harness = createHarness();
  const { workspaces, programs } = harness;
  const ended = Promise.withResolvers<number>();
  programs["perl"] = async ({ print, signal }) => {
    let lines = 0;
    for (; !signal.aborted; lines += 1) {
      await print(new TextEncoder().encode(`L\t${lines}\t${(lines % 65_535) + 1}\t0100007F\n`));
    }
    ended.resolve(lines);
    return {};
  };
  await workspaces.create({ name: "demo" });
  expect(await workspaces.ports.list("demo")).toHaveLength(4_096);
  await ended.promise;
});

test("a Perl that does not end is not waited for", async () => {
  await using harness = createHarness();
  const { workspaces, programs, clock } = harness;
  const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  programs["perl"] = ({ signal }) => {
    begun.resolve();
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve({}))).then(() => {
      ended.resolve();
      return {};
    });
  };
  await workspaces.create({ name: "demo" });
  const listing = workspaces.ports.list("demo").catch((error: unknown) => error);
  await begun.promise;
  clock.advance(10_000);
  expect(await listing).toMatchObject({ code: "timeout", data: { afterMs: 10_000 } });
  await ended.promise;
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
