import { describe, expect, test } from "vitest";
import { bearer } from "../testing/headers.ts";
import { refusal } from "../testing/refusal.ts";
import { command, ended } from "../testing/tasks.ts";
import { startTestAgent } from "../testing/test-agent.ts";

describe("tasks, through the agent", () => {
  test("are queued, run, and are told with what they said", async () => {
    await using agent = await startTestAgent();
    const { local } = agent;
    const { id: workspaceId } = await local.workspaces.create({ name: "demo" });
    const made = await local.tasks.create({ name: "demo", spec: command("hello"), title: "Greet", priority: 3 });
    expect(made).toMatchObject({
      id: expect.stringMatching(/^task-[a-z0-9]{12}$/) as string,
      workspaceId,
      workspace: "demo",
      title: "Greet",
      kind: "command",
      prompt: "sh -c hello",
      priority: 3,
      createdBy: "local",
    });
    expect(await ended(local, made.id)).toMatchObject({ exitCode: 0, attempt: 1 });
    const said = await Array.fromAsync(await local.tasks.output({ task: made.id }));
    expect(said).toEqual([{ attempt: 1, offset: 0, end: 6, text: "hello\n" }]);
    const rest = await Array.fromAsync(await local.tasks.output({ task: made.id, attempt: 1, offset: 4 }));
    expect(rest).toEqual([{ attempt: 1, offset: 4, end: 6, text: "o\n" }]);
    expect((await local.tasks.list({ name: "demo" })).map(({ id }) => id)).toEqual([made.id]);
    expect(await local.tasks.list({ status: ["failed"] })).toEqual([]);
  });

  test("are followed from before they begin, and go on after a lost connection where it was lost", async () => {
    await using agent = await startTestAgent();
    const { local } = agent;
    await local.workspaces.create({ name: "demo" });
    const { id } = await local.tasks.create({ name: "demo", spec: command("exit 1"), retries: 1 });
    const parts = await Array.fromAsync(await local.tasks.output({ task: id, follow: true }));
    expect(parts.map(({ attempt, text }) => [attempt, text])).toEqual([
      [1, "exit 1\n"],
      [2, "exit 1\n"],
    ]);
    expect(await ended(local, id, "failed")).toMatchObject({ exitCode: 1, error: { code: "command_failed" } });
    const { token } = await local.tokens.create({ name: "reader", scope: "read" });
    const answer = await agent.ask(`/api/tasks/${id}/output`, {
      headers: { authorization: `Bearer ${token}`, "last-event-id": "2.5" },
    });
    expect(answer.headers["content-type"]).toContain("text/event-stream");
    expect(answer.text).toContain("id: 2.7");
    expect(answer.text).toContain(`"text":"1\\n"`);
    expect(answer.text).not.toContain("exit");
  });

  test("begin with their last lines where these are asked for, and then go on", async () => {
    await using agent = await startTestAgent();
    const { local } = agent;
    await local.workspaces.create({ name: "demo" });
    const { id } = await local.tasks.create({ name: "demo", spec: command("one\ntwo\nthree") });
    await ended(local, id);
    const said = async (asked: object): Promise<unknown[]> =>
      (await Array.fromAsync(await local.tasks.output({ task: id, ...asked }))).map(({ offset, text }) => [
        offset,
        text,
      ]);
    expect(await said({ tail: 2 })).toEqual([[4, "two\nthree\n"]]);
    expect(await said({ tail: 2, follow: true })).toEqual([[4, "two\nthree\n"]]);
    expect(await said({ tail: 0, follow: true })).toEqual([]);
    // Nothing of a command is kept apart.
    expect(await said({ stream: "errors" })).toEqual([]);
    const { token } = await local.tokens.create({ name: "reader", scope: "read" });
    const asking = (more: object) =>
      agent.ask(`/api/tasks/${id}/output?tail=1`, { headers: { ...bearer(token), ...more } });
    expect((await asking({})).text).toContain(`"offset":8,"end":14,"text":"three\\n"`);
    expect((await asking({ "last-event-id": "1.4" })).text).toContain(`"offset":4,"end":14`);
  });

  test("of a stopped workspace say where their output lies and how to get at it", async () => {
    await using agent = await startTestAgent();
    const { local } = agent;
    await local.workspaces.create({ name: "demo" });
    const { id } = await local.tasks.create({ name: "demo", spec: command("hello") });
    await ended(local, id);
    await local.workspaces.stop({ name: "demo" });
    const failure = await local.tasks.output({ task: id }).then(
      async (parts) => Array.fromAsync(parts).catch((error: unknown) => error),
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ message: `What ${id} said lies in 'demo', which is stopped.` });
    expect(failure).toMatchObject({
      data: { code: "workspace_not_running", next: expect.stringContaining("ws start demo") as string },
    });
  });

  test("are cancelled, and tried again as new ones", async () => {
    await using agent = await startTestAgent();
    const { local } = agent;
    await local.workspaces.create({ name: "demo" });
    const { id } = await local.tasks.create({ name: "demo", spec: command("sleep") });
    await ended(local, id, "running");
    expect(await local.tasks.cancel({ task: id })).toMatchObject({ status: "cancelled" });
    const again = await local.tasks.retry({ task: id });
    expect(again).toMatchObject({ retryOf: id, prompt: "sh -c sleep" });
    expect(await refusal(local.tasks.retry({ task: again.id }))).toBe("CONFLICT illegal_transition");
    await local.tasks.cancel({ task: again.id });
  });

  test("go on with another agent: what waited is begun by it", async () => {
    await using first = await startTestAgent();
    await first.local.workspaces.create({ name: "demo" });
    const notBefore = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await first.local.tasks.create({ name: "demo", spec: command("later"), notBefore });
    const running = await first.local.tasks.create({ name: "demo", spec: command("sleep"), idempotencyKey: "k" });
    await ended(first.local, running.id, "running");
    await first.agent.close();
    await using second = await startTestAgent({
      configDirectory: first.configDirectory,
      adapters: () => first.adapters,
    });
    expect(await second.local.tasks.get({ task: id })).toMatchObject({ status: "pending", notBefore });
    expect(await second.local.tasks.get({ task: running.id })).toMatchObject({ status: "running", attempt: 1 });
    const same = await second.local.tasks.create({ name: "demo", spec: command("sleep"), idempotencyKey: "k" });
    expect(same.id).toBe(running.id);
    expect(await second.local.tasks.cancel({ task: running.id })).toMatchObject({ status: "cancelled", attempt: 1 });
  });

  test("are written into the audit, with whose they were and how they ended", async () => {
    await using agent = await startTestAgent();
    const { local } = agent;
    await local.workspaces.create({ name: "demo", env: { SECRET: "hidden-value-1" } });
    const { id } = await local.tasks.create({ name: "demo", spec: command("exit 3 # hidden-value-1") });
    await ended(local, id, "failed");
    await expect.poll(async () => (await local.audit.list({})).map(({ action }) => action)).toContain("tasks.end");
    const entry = (await local.audit.list({})).find(({ action }) => action === "tasks.end");
    expect(entry).toMatchObject({ who: "local", target: "demo", outcome: "command_failed" });
    expect(entry?.details).toMatchObject({ task: id, exitCode: "3", attempt: "1" });
    expect(JSON.stringify(entry)).not.toContain("hidden-value-1");
    await local.tasks.cancel({ task: id });
    await local.tasks.cancel({ name: "demo", task: id });
    const [second, first] = (await local.audit.list({})).filter(({ action }) => action === "tasks.cancel");
    expect(first).toMatchObject({ target: id, outcome: "ok" });
    expect(second).toMatchObject({ target: "demo", details: { task: id } });
  });
});

describe("a token", () => {
  test("for one workspace has its tasks, and learns nothing of others'", async () => {
    await using agent = await startTestAgent();
    const { local } = agent;
    await local.workspaces.create({ name: "mine" });
    await local.workspaces.create({ name: "other" });
    const theirs = await local.tasks.create({ name: "other", spec: command("secret") });
    const mine = await agent.scoped("workspace:mine");
    const { id } = await mine.tasks.create({ name: "mine", spec: command("x") });
    expect((await mine.tasks.get({ name: "mine", task: id })).id).toBe(id);
    expect((await mine.tasks.list({ name: "mine" })).map((task) => task.id)).toEqual([id]);
    for (const call of [
      mine.tasks.get({ task: theirs.id }),
      mine.tasks.get({ name: "other", task: theirs.id }),
      mine.tasks.list({}),
      mine.tasks.create({ name: "other", spec: command("x") }),
    ]) {
      expect(await refusal(call)).toBe("FORBIDDEN forbidden");
    }
    for (const call of [
      mine.tasks.get({ name: "mine", task: theirs.id }),
      mine.tasks.cancel({ name: "mine", task: theirs.id }),
      mine.tasks.retry({ name: "mine", task: theirs.id }),
      mine.tasks.output({ name: "mine", task: theirs.id }),
      mine.tasks.create({ name: "mine", spec: command("x"), dependsOn: [theirs.id] }),
    ]) {
      expect(await refusal(call)).toBe("NOT_FOUND task_not_found");
    }
  });

  test("for one workspace follows, shows, cancels and retries its tasks by their ids alone, and another's not even as one that there is", async () => {
    await using agent = await startTestAgent();
    const { local } = agent;
    await local.workspaces.create({ name: "mine" });
    await local.workspaces.create({ name: "other" });
    const theirs = await local.tasks.create({ name: "other", spec: command("secret") });
    const { token } = await local.tokens.create({ name: "inside", scope: "workspace:mine", commands: ["sh"] });
    const mine = agent.remote(token);
    const { id } = await mine.tasks.create({ name: "mine", spec: command("x") });
    const texts = await Array.fromAsync(await mine.tasks.output({ task: id, follow: true }));
    expect(texts.map(({ text }) => text).join("")).toBe("x\n");
    expect((await mine.tasks.get({ task: id })).status).toBe("completed");
    expect((await mine.tasks.cancel({ task: id })).status).toBe("completed");
    const again = await mine.tasks.retry({ task: id });
    expect(again).toMatchObject({ retryOf: id, workspace: "mine" });
    await ended(local, again.id);
    expect(await refusal(mine.tasks.resume({ task: id, prompt: "more" }))).toBe("PRECONDITION_FAILED session_missing");
    const asking = (path: string, method = "GET") => agent.ask(path, { method, headers: bearer(token) });
    expect((await asking(`/api/tasks/${id}`)).text).toContain(`"id":"${id}"`);
    expect((await asking(`/api/tasks/${id}/output`)).text).toContain(`"text":"x\\n"`);
    expect((await asking(`/tasks/${id}/log`)).text).toBe("x\n");
    // What runs it again is what its token may run.
    const made = await local.tasks.create({ name: "mine", spec: { kind: "command", command: ["true"] } });
    await ended(local, made.id, "failed");
    expect(await refusal(mine.tasks.retry({ task: made.id }))).toBe("FORBIDDEN command_not_allowed");
    expect(await refusal(mine.tasks.resume({ task: made.id, prompt: "more" }))).toBe("FORBIDDEN command_not_allowed");
    for (const [path, method] of [
      ["", "GET"],
      ["/output", "GET"],
      ["/cancel", "POST"],
      ["/retry", "POST"],
      ["/resume", "POST"],
    ] as const) {
      const [known, unknown] = await Promise.all(
        [theirs.id, "task-000000000000"].map((one) => asking(`/api/tasks/${one}${path}`, method)),
      );
      expect([path, known?.status, known?.text]).toEqual([path, 403, unknown?.text]);
      // Neither by naming it twice.
      expect((await asking(`/api/tasks/${theirs.id}${path}?task=${id}`, method)).status).toBe(403);
    }
    for (const stream of ["/api/tasks/events", "/api/events?tasks=true"]) {
      const unnamed = await asking(stream);
      expect([unnamed.status, unnamed.text]).toEqual([
        403,
        expect.stringContaining("Add the workspace's name ('name')"),
      ]);
    }
  });

  test("of a workspace that was deleted has none of its tasks any more, nor those of another with its name", async () => {
    await using agent = await startTestAgent();
    const { local } = agent;
    await local.workspaces.create({ name: "mine" });
    const mine = await agent.scoped("workspace:mine");
    const { id } = await mine.tasks.create({ name: "mine", spec: command("x") });
    await ended(local, id);
    await local.workspaces.delete({ name: "mine" });
    await local.workspaces.create({ name: "mine" });
    const theirs = await local.tasks.create({ name: "mine", spec: command("x") });
    for (const task of [id, theirs.id]) {
      expect(await refusal(mine.tasks.get({ task }))).toBe("FORBIDDEN forbidden");
    }
  });

  test("creates sixty tasks a minute and no more", async () => {
    await using agent = await startTestAgent();
    await agent.local.workspaces.create({ name: "demo" });
    const writer = await agent.scoped("write");
    const create = () => writer.tasks.create({ name: "demo", spec: command("x") });
    await Promise.all(Array.from({ length: 60 }, create));
    expect(await refusal(create())).toBe("TOO_MANY_REQUESTS too_many_requests");
    expect((await agent.local.tasks.create({ name: "demo", spec: command("x") })).createdBy).toBe("local");
  });

  test("that may only read cancels nothing", async () => {
    await using agent = await startTestAgent();
    await agent.local.workspaces.create({ name: "demo" });
    const { id } = await agent.local.tasks.create({ name: "demo", spec: command("x") });
    const reader = await agent.scoped("read");
    expect((await reader.tasks.get({ task: id })).id).toBe(id);
    for (const call of [reader.tasks.cancel({ task: id }), reader.tasks.create({ name: "demo", spec: command("x") })]) {
      expect(await refusal(call)).toBe("FORBIDDEN forbidden");
    }
  });
});
