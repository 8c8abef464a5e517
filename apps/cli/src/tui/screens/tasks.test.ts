import type { TaskInfo } from "@ws/rpc-contract";
import { describe, expect, test } from "vitest";
import { aTask, aWorkspace, refusal, show, streamOf } from "../testing/show.tsx";

const asking = aTask("paint", {
  status: "waiting_input",
  changedAt: "2026-11-01T10:00:00.000Z",
  question: { text: "Which colour?", options: ["red", "blue"], reason: "question" },
});
const locked = aTask("deploy", {
  status: "auth_failed",
  error: { code: "login_needed", message: "claude is not logged in.", next: "Give it a key." },
});
const failed = aTask("test", {
  status: "failed",
  createdAt: "2026-11-01T10:00:00.000Z",
  error: { code: "timeout", message: "It took too long." },
});

/** A worker with these tasks, of which one says something. */
function aWorker(tasks: readonly TaskInfo[], text = "") {
  const calls: unknown[] = [];
  const told = (name: string) => async (input: unknown) => {
    calls.push([name, input]);
    return aTask("again");
  };
  const client = {
    tasks: {
      // As they are when they are asked for.
      list: async () => structuredClone(tasks),
      get: async ({ task }: { task: string }) => structuredClone(tasks.find(({ id }) => id === task)),
      output: async (_input: unknown, { signal }: { signal: AbortSignal }) =>
        streamOf([{ attempt: 1, offset: 0, end: text.length, text }], signal),
      resume: told("resume"),
      cancel: told("cancel"),
      retry: told("retry"),
    },
  };
  return { calls, client, workspaces: [aWorkspace("alpha")] };
}

describe("tasks", () => {
  test("are listed with those that are over, the last first, and change as they are told", async () => {
    const { calls, ...worker } = aWorker([failed]);
    const screen = await show({ ...worker, tasks: [aTask("build")] });
    screen.press("a");
    const lines = (await screen.sees("failed (timeout)")).split("\n");
    expect(lines.slice(2, 5)).toEqual([
      expect.stringMatching(/^ {3}TASK {3}STATUS {12}WORKSPACE {2}CREATED$/),
      expect.stringMatching(/^ ▌ build {2}running {11}alpha {6}now$/),
      expect.stringMatching(/^ {3}test {3}failed \(timeout\) {2}alpha {6}\d+ d ago$/),
    ]);
    screen.tasks.set(new Map([["task-build", aTask("build", { status: "completed" })]]));
    await screen.sees(/▌ build {2}completed[^]*r retry/);
    screen.press("r");
    await screen.sees("Queued again as task-again.");
    expect(calls).toEqual([["retry", { task: "task-build" }]]);
  });

  test("that ended while the worker was away are over when it is there again, in the list and on their page", async () => {
    const now = { ...aTask("build") };
    const { calls: _, ...worker } = aWorker([now]);
    const screen = await show({ ...worker, tasks: [{ ...now }] });
    screen.press("a");
    await screen.sees(/▌ build {2}running[^]*c cancel/);
    const end = (): void => {
      now.status = "completed";
      // The worker tells only those that are not over.
      screen.tasks.set(new Map());
      screen.returns.set(screen.returns.get() + 1);
    };
    end();
    await screen.sees(/▌ build {2}completed[^]*r retry/);
    now.status = "running";
    screen.tasks.set(new Map([[now.id, { ...now }]]));
    screen.press("RETURN");
    await screen.sees(/Status +running/);
    end();
    expect(await screen.sees(/Status +completed/)).toContain("r retry");
  });

  test("say how to queue one where there is none, and why where they cannot be told", async () => {
    const none = await show(aWorker([]));
    none.press("a");
    expect(await none.sees("No tasks yet.")).toContain("Queue one: ws task add NAME --agent claude");
    const refusing = await show({
      client: { tasks: { list: () => Promise.reject(refusal("forbidden", "Not for you.")) } },
    });
    refusing.press("a");
    expect(await refusing.sees("Not for you.")).not.toContain("No tasks");
  });

  test("are shown with what they say as it comes, without what a terminal would obey", async () => {
    const text = `${Array.from({ length: 100 }, (_, line) => `line ${line}`).join("\n")}\n\u001b[2J\u001b]0;x\u0007last\n`;
    const screen = await show({ ...aWorker([failed], text) });
    screen.press("a");
    await screen.sees("▌ test");
    screen.press("RETURN");
    const frame = await screen.sees(/ line 99\n last\n/);
    expect(frame).toContain("desk › alpha › test");
    expect(frame).toContain(" Asked    Do test\n");
    expect(frame).toContain("It took too long.");
    expect(frame).not.toContain("line 10\n");
    screen.press(...Array<string>(99).fill("ARROW_UP"));
    await screen.sees(" line 0\n");
  });

  test("that said nothing say so, and whether something may come yet", async () => {
    const { calls: _, ...worker } = aWorker([failed]);
    const build = aTask("build");
    const screen = await show({ ...worker, tasks: [build] });
    screen.press("a");
    await screen.sees("▌ build");
    screen.press("RETURN");
    await screen.sees("\n It has said nothing yet.\n");
    screen.tasks.set(new Map([[build.id, { ...build, status: "completed" }]]));
    expect(await screen.sees("\n It said nothing.\n")).not.toContain("yet");
  });

  test("are cancelled after a question", async () => {
    const { calls, ...worker } = aWorker([]);
    const screen = await show({ ...worker, tasks: [aTask("build")] });
    screen.press("a");
    await screen.sees("▌ build");
    screen.press("c");
    await screen.sees("Cancel 'build'? All its processes end.");
    screen.press("n", "c", "y");
    await expect.poll(() => calls).toEqual([["cancel", { task: "task-build" }]]);
  });
});

describe("what needs somebody", () => {
  test("is counted on every screen, and stands in the inbox, the longest first", async () => {
    const screen = await show({ ...aWorker([]), tasks: [locked, aTask("build"), asking] });
    expect((await screen.sees("▌ alpha")).split("\n")[0]).toMatch(/ {3}2 need you {3}1 of 1 running$/);
    screen.press("i");
    const lines = (await screen.sees("Which colour?")).split("\n");
    expect(lines[3]).toMatch(/^ ▌ paint {3}Which colour\? {2,}alpha/);
    expect(lines[4]).toMatch(/^ {3}deploy {2}claude is not logged in\. {2}alpha/);
    screen.tasks.set(new Map());
    expect(await screen.sees("Nothing needs you.")).not.toContain("need you ");
  });

  test("is come to by i from every screen that has the keys, which says so while there is something", async () => {
    const screen = await show({ ...aWorker([asking]), tasks: [asking] });
    expect(await screen.sees("▌ alpha")).toMatch(/ i inbox {3}\? help {3}q quit\n$/);
    screen.press("a");
    await screen.sees(/› tasks[^]* i inbox {3}\? help {3}esc back\n$/);
    screen.press("i");
    expect(await screen.sees("desk › needs you")).not.toContain("i inbox");
    screen.press("RETURN");
    await screen.sees("desk › alpha › paint");
    // To the same one, which is left once.
    screen.press("i");
    await screen.sees("desk › needs you");
    screen.press("q");
    await screen.sees("desk › tasks");
    screen.tasks.set(new Map());
    expect(await screen.sees("▌ paint")).not.toContain("i inbox");
  });

  test("is answered in words", async () => {
    const { calls, ...worker } = aWorker([asking]);
    const screen = await show({ ...worker, tasks: [asking] });
    screen.press("i");
    await screen.sees("▌ paint");
    screen.press("RETURN");
    expect(await screen.sees("Which colour?")).toContain("\n   - red\n   - blue\n");
    screen.press("RETURN");
    expect(await screen.sees("Answer")).not.toContain("↵ send");
    await screen.type("quite blue?");
    await screen.sees("↵ send");
    screen.press("RETURN");
    await expect.poll(() => calls).toEqual([["resume", { task: "task-paint", prompt: "quite blue?", attempt: 1 }]]);
    await screen.sees("↵ answer");
  });

  test("is let go on after a login, or allowed to after a question", async () => {
    const { calls, ...worker } = aWorker([]);
    const permission = aTask("push", {
      status: "waiting_input",
      question: { text: "May I push?", reason: "permission" },
    });
    const screen = await show({ ...worker, tasks: [locked] });
    screen.press("i", "RETURN");
    expect(await screen.sees("claude is not logged in. Give it a key.")).toContain("g go on");
    screen.press("g");
    await expect.poll(() => calls).toEqual([["resume", { task: "task-deploy" }]]);
    screen.tasks.set(new Map([[permission.id, permission]]));
    screen.press("ESCAPE");
    await screen.sees("▌ push");
    screen.press("RETURN");
    await screen.sees("p allow");
    screen.press("p");
    await screen.sees("From now on it does whatever its workspace lets it do");
    screen.press("y");
    await expect.poll(() => calls.at(-1)).toEqual(["resume", { task: "task-push", permissions: "all", attempt: 1 }]);
  });
});
