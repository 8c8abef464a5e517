import { describe, expect, test } from "vitest";
import { agentTask } from "../../testing/agent-stand-in/agent-task.ts";
import { BY, codeOf, KEYS, MINUTE, over, statuses, told, until } from "../../testing/agent-stand-in/asking.ts";
import { commandTask, createTaskWorld } from "../../testing/task-world.ts";

describe("an account that met its usage limit", () => {
  test("holds the seven others of eight tasks; when it is over one is tried, and then all go on", async () => {
    const world = createTaskWorld({ limits: { perWorkspace: 1, global: 100 } });
    const { runs } = world.place("a", { variables: KEYS });
    const other = world.place("b", { variables: KEYS });
    await using tasks = world.boot();
    const first = tasks.create(agentTask("limit 5"));
    await until(tasks, first.id, "limited");
    const seven = Array.from({ length: 7 }, (_, at) =>
      tasks.create(agentTask(`ok ${at}`, {}, { workspace: at % 2 === 0 ? "a" : "b" })),
    );
    const ids = seven.map(({ id }) => id);
    for (let minute = 0; minute < 4; minute += 1) await world.pass(MINUTE);
    expect(statuses(tasks, [first.id, ...ids])).toEqual(["limited", ...Array<string>(7).fill("pending")]);
    expect([runs.begun, other.runs.begun]).toEqual([[`${first.id}.1`], []]);
    await world.pass(MINUTE);
    for (const id of [first.id, ...ids]) expect(await over(tasks, id)).toMatchObject({ status: "completed" });
    // The first one was tried first, and alone.
    expect(runs.begun[1]).toBe(`${first.id}.2`);
    expect(told(world)[0]).toEqual(["limit 5", "Continue."]);
    expect(
      told(world)
        .slice(1)
        .every((all) => all.length === 1),
    ).toBe(true);
    expect(world.store.limits()).toEqual([]);
  });

  test("is tried with one task only, which holds the others again where it meets the limit again", async () => {
    const world = createTaskWorld({ limits: { perWorkspace: 8, global: 100 } });
    const { runs } = world.place("a", { variables: KEYS });
    world.store.limit({ account: "claude:of-2-1", until: world.clock.now() + MINUTE, times: 0 });
    await using tasks = world.boot();
    const ids = Array.from({ length: 4 }, () => tasks.create(agentTask("limit 5")).id);
    await world.pass(MINUTE);
    expect(runs.begun).toEqual([`${ids[0]}.1`]);
    expect(statuses(tasks, ids)).toEqual(["limited", "pending", "pending", "pending"]);
    await world.pass(4 * MINUTE);
    expect(runs.begun).toHaveLength(1);
  });

  test("is taken to work again once a task has run on for twenty seconds", async () => {
    const world = createTaskWorld({ limits: { perWorkspace: 8, global: 100 } });
    world.place("a", { variables: KEYS });
    world.store.limit({ account: "claude:of-2-1", until: world.clock.now() + MINUTE, times: 3 });
    await using tasks = world.boot();
    const ids = Array.from({ length: 3 }, () => tasks.create(agentTask("stuck")).id);
    await world.pass(MINUTE);
    expect(statuses(tasks, ids)).toEqual(["running", "pending", "pending"]);
    await world.pass(19_000);
    expect(statuses(tasks, ids)).toEqual(["running", "pending", "pending"]);
    await world.pass(1_000);
    expect(statuses(tasks, ids)).toEqual(["running", "running", "running"]);
    // That it was met three times is only forgotten once something ends well.
    expect(world.store.limits()).toEqual([expect.objectContaining({ times: 3 })]);
    expect((await over(tasks, tasks.create(agentTask("ok")).id)).status).toBe("completed");
    expect(world.store.limits()).toEqual([]);
  });

  test("stays held when its task is cancelled, and over a restart of the agent", async () => {
    const world = createTaskWorld();
    const { runs } = world.place("a", { variables: KEYS });
    const before = world.boot();
    const { id } = before.create(agentTask("limit 5"));
    await until(before, id, "limited");
    expect((await before.cancel(id)).status).toBe("cancelled");
    const next = before.create(agentTask("ok"));
    await world.pass(MINUTE);
    await before[Symbol.asyncDispose]();
    await using tasks = world.boot();
    await world.pass(3 * MINUTE);
    expect([tasks.get(next.id).status, runs.begun.length]).toEqual(["pending", 1]);
    await world.pass(MINUTE);
    expect((await over(tasks, next.id)).status).toBe("completed");
  });

  test("holds no task of another key, of another tool, or that is no coding tool's", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: { ...KEYS, OPENAI_API_KEY: "k2" } });
    world.place("b", { variables: { ANTHROPIC_API_KEY: "another" } });
    await using tasks = world.boot();
    await until(tasks, tasks.create(agentTask("limit 5")).id, "limited");
    for (const request of [
      agentTask("ok", { tool: "codex" }),
      agentTask("ok", {}, { workspace: "b" }),
      commandTask(["say"]),
    ]) {
      expect((await over(tasks, tasks.create(request).id)).status).toBe("completed");
    }
  });

  test("holds nothing any more of a task that has another key by now", async () => {
    const world = createTaskWorld();
    const place = world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("limit 5"));
    await until(tasks, id, "limited");
    const next = tasks.create(agentTask("ok", {}, { notBefore: world.clock.now() + 6 * MINUTE }));
    await world.pass(0);
    expect(tasks.get(next.id).account).toBe("claude:of-2-1");
    world.store.limit({ account: "claude:of-2-1", until: world.clock.now() + 60 * MINUTE, times: 0 });
    place.variables = { ANTHROPIC_API_KEY: "other" };
    await world.pass(6 * MINUTE);
    expect(await over(tasks, next.id)).toMatchObject({ status: "completed", account: "claude:of-5-r" });
  });

  test("of whom nobody says until when is tried after a quarter of an hour, then later and later", async () => {
    const world = createTaskWorld();
    world.place("a", { files: [".local/share/opencode/auth.json"] });
    await using tasks = world.boot();
    const waits: number[] = [];
    for (let times = 0; times < 7; times += 1) {
      const { id } = tasks.create(agentTask("quota", { tool: "opencode", model: "acme/one" }));
      const { notBefore = 0 } = await until(tasks, id, "limited");
      waits.push((notBefore - world.clock.now()) / MINUTE);
      await tasks.cancel(id);
      await world.pass(notBefore - world.clock.now());
    }
    expect(waits).toEqual([15, 30, 60, 120, 240, 360, 360]);
  });

  test("that meets its limit whenever it is tried is at last tried no more, until somebody says that it works", async () => {
    const world = createTaskWorld();
    world.place("a", { files: [".local/share/opencode/auth.json"] });
    await using tasks = world.boot();
    const asked = { tool: "opencode", model: "anthropic/one" };
    const { id } = tasks.create(agentTask("quota", asked));
    const begun = world.clock.now();
    let last = await tasks.until(id, ({ status }) => status === "limited");
    for (let tries = 1; last.status === "limited" && tries < 50; tries += 1) {
      await world.pass((last.notBefore ?? 0) - world.clock.now());
      last = await tasks.until(id, ({ status, attempt }) => attempt > tries && status !== "running");
    }
    expect(last).toMatchObject({
      status: "auth_failed",
      attempt: 41,
      error: {
        code: "account_limited",
        message: "The account of opencode met its usage limit 41 times in a row, whenever it was tried.",
        next: `See that it can be used again, or give it another key: ws credential set ANTHROPIC_API_KEY. Then let the task go on: ws task resume ${id}.`,
      },
    });
    expect(world.clock.now() - begun).toBeGreaterThan(8 * 24 * 60 * MINUTE);
    await world.pass(24 * 60 * MINUTE);
    expect(tasks.get(id)).toMatchObject({ status: "auth_failed", attempt: 41 });
    tasks.resume(id, BY);
    const { notBefore = 0 } = await until(tasks, id, "limited");
    expect(notBefore - world.clock.now()).toBe(15 * MINUTE);
  });

  test("is told by those that wait for it, and can be tried at once with any of them", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const later = tasks.create(agentTask("ok", {}, { notBefore: world.clock.now() + 600 * MINUTE }));
    const next = tasks.create(agentTask("ok", {}, { notBefore: world.clock.now() + 1 }));
    await world.pass(0);
    const told: string[] = [];
    const ending = new AbortController();
    const changes = tasks.changes(ending.signal);
    const reading = (async () => {
      for await (const record of changes) told.push(`${record.id} ${tasks.held(record)?.code}`);
    })();
    const first = tasks.create(agentTask("limit 500"));
    await until(tasks, first.id, "limited");
    await world.pass(1);
    expect(tasks.held(tasks.get(next.id))).toMatchObject({
      code: "account_limited",
      message: "The account of claude met its usage limit, which ends at 2026-01-01T08:20:00.000Z.",
    });
    expect(told).toContain(`${next.id} account_limited`);
    expect([first, later].map(({ id }) => tasks.held(tasks.get(id)))).toEqual([undefined, undefined]);
    expect(codeOf(() => tasks.resume(next.id, { prompt: "x", ...BY }))).toBe("illegal_transition");
    expect(codeOf(() => tasks.resume(later.id, BY))).toBe("illegal_transition");
    tasks.resume(next.id, BY);
    expect(await over(tasks, next.id)).toMatchObject({ status: "completed", result: "Did: ok" });
    ending.abort();
    await reading;
  });

  test("can be tried at once by whoever knows better", async () => {
    const world = createTaskWorld();
    world.place("a", { variables: KEYS });
    await using tasks = world.boot();
    const { id } = tasks.create(agentTask("limit 500"));
    await until(tasks, id, "limited");
    const next = tasks.create(agentTask("ok"));
    await world.pass(0);
    expect(tasks.resume(id, BY)).toMatchObject({ status: "pending", ahead: true });
    expect(await over(tasks, id)).toMatchObject({ status: "completed", attempt: 2 });
    expect((await over(tasks, next.id)).status).toBe("completed");
  });
});
