import { expect, test } from "vitest";
import { WsError } from "../errors.ts";
import { createHarness, type Harness } from "../testing/harness.ts";
import type { WorkerEgress } from "./decide.ts";
import type { Egress, EgressOptions } from "./egress.ts";

interface Subject {
  h: Harness;
  worker: { -readonly [K in keyof WorkerEgress]: WorkerEgress[K] };
  /** What was opened, the latest last. */
  opened: EgressOptions[];
  reviews: number[];
  told: string[];
  attach: (open: Egress["attach"]) => void;
}

function subject(): Subject {
  const worker: Subject["worker"] = { presets: ["registries"], allow: [], deny: [] };
  const opened: EgressOptions[] = [];
  const reviews: number[] = [];
  const told: string[] = [];
  let attach: Egress["attach"] = async (_box, options) => {
    opened.push(options);
    const at = opened.length;
    return { port: options.port, review: () => reviews.push(at) };
  };
  const way: Egress = { attach: (box, options) => attach(box, options) };
  const h = createHarness({
    egress: {
      way,
      worker: () => worker,
      refused: ({ workspace, host, port, why }) => told.push(`${workspace.name} ${host}:${port} ${why}`),
    },
  });
  return { h, worker, opened, reviews, told, attach: (open) => (attach = open) };
}

/** What a program of the workspace has in its environment. */
async function environmentIn({ workspaces }: Harness, name: string): Promise<Record<string, string>> {
  const { stdout, exit } = await workspaces.run(name, ["env"]);
  let text = "";
  for await (const bytes of stdout) text += new TextDecoder().decode(bytes);
  await exit;
  return JSON.parse(text) as Record<string, string>;
}

test("A workspace of the profile agent has its way out before anything begins in it, and every program is led there", async () => {
  const s = subject();
  await using h = s.h;
  h.scripts.push({ name: "first", content: new TextEncoder().encode("true") });
  const before: number[] = [];
  h.programs["script"] = () => {
    before.push(s.opened.length);
    return {};
  };
  await h.workspaces.create({ name: "closed", profile: "agent", env: { HTTPS_PROXY: "http://elsewhere" } });
  expect(before).toEqual([1]);
  expect(await environmentIn(h, "closed")).toMatchObject({ HTTPS_PROXY: "http://127.0.0.1:7392", WS_NAME: "closed" });
});

test("A workspace of the profile person has an open network: no way out is opened, and nothing can be allowed", async () => {
  const s = subject();
  await using h = s.h;
  await h.workspaces.create({ name: "open" });
  expect(s.opened).toEqual([]);
  expect(await environmentIn(h, "open")).not.toHaveProperty("HTTPS_PROXY");
  expect(h.workspaces.egress.get("open")).toMatchObject({ network: "open", list: { allow: [], deny: [] } });
  expect(() => h.workspaces.egress.allow("open", "x.test")).toThrow(expect.objectContaining({ code: "invalid_input" }));
});

test.each([
  "127.0.0.1:7391",
  "127.9.9.9/private",
  "localhost:80",
  "LOCALHOST.",
  "*.db.localhost",
  "0.0.0.0:1",
  "169.254.169.254:80",
  "100.100.100.200",
  "168.63.129.16:32526/private",
])(
  "The rule %s, which would name the worker itself or a cloud's metadata service, is refused whoever brings it",
  async (rule) => {
    const s = subject();
    await using h = s.h;
    await h.workspaces.create({ name: "closed", profile: "agent" });
    const refusal = expect.objectContaining({ code: "invalid_input", data: { field: "rule" } }) as Error;
    expect(() => h.workspaces.egress.allow("closed", rule)).toThrow(refusal);
    expect(h.workspaces.egress.get("closed").own).toEqual({ allow: [], deny: [] });
    // What stands in a list from before can be taken out all the same.
    expect(() => h.workspaces.egress.deny("closed", rule)).not.toThrow();
  },
);

test("What is allowed and denied holds for the next connection, and connections that are open are looked at again", async () => {
  const s = subject();
  await using h = s.h;
  await h.workspaces.create({ name: "closed", profile: "agent" });
  const decide = (host: string): boolean | undefined => s.opened[0]?.decide({ host, port: 443 }).allowed;
  expect([decide("x.test"), decide("registry.npmjs.org")]).toEqual([false, true]);
  h.workspaces.egress.allow("closed", "x.test");
  expect([decide("x.test"), s.reviews.length]).toEqual([true, 1]);
  h.workspaces.egress.deny("closed", "registry.npmjs.org");
  expect([decide("registry.npmjs.org"), s.reviews.length]).toEqual([false, 2]);
  expect(h.workspaces.egress.get("closed")).toMatchObject({
    network: "listed",
    own: { allow: ["x.test"], deny: ["registry.npmjs.org"] },
  });
  s.worker.presets = [];
  h.workspaces.egress.review();
  expect(s.reviews).toHaveLength(3);
  expect(decide("index.crates.io")).toBe(false);
});

test("What the worker denies cannot be allowed to one workspace, and nothing changes", async () => {
  const s = subject();
  await using h = s.h;
  s.worker.deny = ["*.evil.test"];
  await h.workspaces.create({ name: "closed", profile: "agent" });
  expect(() => h.workspaces.egress.allow("closed", "a.evil.test")).toThrow(/denied to all/);
  expect(h.workspaces.egress.get("closed").own).toEqual({ allow: [], deny: [] });
});

test("What is refused is counted for each host, told once in ten minutes, and shown as an event", async () => {
  const s = subject();
  await using h = s.h;
  await h.workspaces.create({ name: "closed", profile: "agent" });
  const seen: unknown[] = [];
  const until = new AbortController();
  const reading = (async () => {
    for await (const event of h.workspaces.events(until.signal)) if (event.type === "egress_refused") seen.push(event);
  })();
  const refuse = (): void =>
    s.opened[0]?.refused({ host: "evil.test", port: 443 }, "It is not on the list.", "evil.test");
  refuse();
  refuse();
  expect(s.told).toEqual(["closed evil.test:443 It is not on the list."]);
  h.clock.advance(600_000);
  refuse();
  expect(s.told).toHaveLength(2);
  expect(h.workspaces.egress.refusals("closed")).toMatchObject([
    { host: "evil.test", port: 443, count: 3, rule: "evil.test" },
  ]);
  await expect
    .poll(() => seen)
    .toContainEqual(expect.objectContaining({ name: "closed", host: "evil.test", port: 443 }));
  until.abort();
  await reading;
});

test("Whoever has very many hosts refused fills neither the list nor the audit", async () => {
  const s = subject();
  await using h = s.h;
  await h.workspaces.create({ name: "closed", profile: "agent" });
  for (let each = 0; each < 1_000; each += 1) s.opened[0]?.refused({ host: `h${each}.test`, port: 443 }, "No.");
  expect(h.workspaces.egress.refusals("closed")).toHaveLength(200);
  expect(h.workspaces.egress.refusals("closed")[0]?.host).toBe("h999.test");
  expect(s.told).toHaveLength(30);
});

test("Where no way can be opened the workspace starts without one, says why, and is as closed as before", async () => {
  const s = subject();
  await using h = s.h;
  s.attach(async () => {
    throw new WsError("box_feature_missing", {
      message: "Its image has no SSH server.",
      data: { feature: "listen", missing: ["listen"] },
    });
  });
  await h.workspaces.create({ name: "closed", profile: "agent" });
  expect(h.workspaces.egress.get("closed")).toMatchObject({ network: "none", why: "Its image has no SSH server." });
  const lines: string[] = [];
  for await (const line of h.workspaces.logs("closed", {})) lines.push(line);
  expect(lines.join("")).toContain("There is no way out of this workspace. Its image has no SSH server.");
});

test("After the agent was killed the way out of what still runs is opened again, although nobody asks for it", async () => {
  const s = subject();
  await using h = s.h;
  await h.workspaces.create({ name: "closed", profile: "agent" });
  await h.workspaces.create({ name: "open" });
  expect(s.opened).toHaveLength(1);
  await h.reborn().reconcile();
  await expect.poll(() => s.opened.length).toBe(2);
});

test("A Box that is lost is opened again with its way out", async () => {
  const s = subject();
  await using h = s.h;
  await h.workspaces.reconcile();
  await h.workspaces.create({ name: "closed", profile: "agent" });
  const box = await h.workspaces.box("closed");
  await box[Symbol.asyncDispose]();
  await expect
    .poll(() => {
      h.clock.advance(500);
      return s.opened.length;
    })
    .toBe(2);
});

test("A workspace that is stopped has its way out opened no more", async () => {
  const s = subject();
  await using h = s.h;
  await h.workspaces.reconcile();
  await h.workspaces.create({ name: "closed", profile: "agent" });
  await h.workspaces.stop("closed");
  await h.clock.idle();
  h.clock.advance(60_000);
  await h.clock.idle();
  expect(s.opened).toHaveLength(1);
  await h.workspaces.start("closed");
  expect(s.opened).toHaveLength(2);
});
