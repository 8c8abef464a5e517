import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import type { RunEnd } from "../runs/runs.ts";
import { newTask } from "../testing/new-task.ts";
import { advance, type StopReason, type TaskEvent } from "./advance.ts";
import { isFinal, type TaskQuestion, type TaskRecord, type TaskStatus } from "./task.ts";

const error = { code: "x", message: "No." };
const question: TaskQuestion = { text: "Which?", options: ["left", "right"], reason: "question" };
const exit = (code: number, signal?: string): TaskEvent => ({
  type: "ended",
  end: { how: "exit", code, ...(signal === undefined ? {} : { signal }) },
});
const running = (more: Partial<TaskRecord> = {}): TaskRecord => advance(newTask(more), { type: "begun" }, 100);

describe("a task that runs", () => {
  test.each<[string, TaskEvent, TaskStatus, Partial<TaskRecord>]>([
    ["ends well", exit(0), "completed", { exit: { code: 0 } }],
    [
      "ends badly",
      exit(3),
      "failed",
      { exit: { code: 3 }, error: { code: "command_failed", message: "Its program ended with exit code 3." } },
    ],
    ["is killed", exit(137, "SIGKILL"), "failed", { exit: { code: 137, signal: "SIGKILL" } }],
    [
      "is cut off at its limit",
      { type: "ended", end: { how: "timeout", code: 143 } },
      "failed",
      { exit: { code: 143 } },
    ],
    ["is cancelled", { type: "ended", end: { how: "cancelled" } }, "cancelled", {}],
    ["loses its place", { type: "ended", end: { how: "lost" } }, "failed", {}],
    ["is never begun", { type: "refused", error }, "failed", { error }],
  ])("and %s has one state from then on", (_title, event, status, more) => {
    expect(advance(running(), event, 200)).toMatchObject({
      status,
      completedAt: 200,
      attempt: 1,
      startedAt: 100,
      ...more,
    });
  });

  test("says since when its state is what it is, whatever else becomes known of it", () => {
    const runs = running();
    expect(runs.changedAt).toBe(100);
    expect(advance(runs, { type: "told", session: "s1" }, 150).changedAt).toBe(100);
    const asks = advance(runs, { type: "asked", question }, 160);
    expect(asks.changedAt).toBe(160);
    expect(advance(asks, { type: "resumed", prompt: "left" }, 170).changedAt).toBe(170);
  });

  test.each<[StopReason | undefined, string, string]>([
    ["stopped", "workspace_stopped", "Its workspace was stopped while it ran."],
    ["restarted", "workspace_stopped", "Its workspace was restarted while it ran."],
    [undefined, "task_lost", "Its workspace went while it ran, so that nobody knows how it ended."],
  ])("says why nobody knows its end (%s)", (stopped, code, message) => {
    const why = stopped === undefined ? {} : { stopped };
    const { id, error: said } = advance(running(), { type: "ended", end: { how: "lost" }, ...why }, 9);
    expect(said).toEqual({ code, message, next: `See what it did, then try it again: ws task retry ${id}.` });
  });

  test("whose conversation is known can be gone on with where its place went", () => {
    const told = advance(running(), { type: "told", session: "s1" }, 5);
    const { id, error: said } = advance(told, { type: "ended", end: { how: "lost" }, stopped: "stopped" }, 9);
    expect(said?.next).toBe(`Go on with its conversation: ws task resume ${id} "Continue."`);
  });

  test.each<[string, TaskEvent, TaskStatus, Partial<TaskRecord>]>([
    ["done", { type: "ended", end: { how: "exit", code: 1 }, done: true }, "completed", { exit: { code: 1 } }],
    ["done, and was ended by us", { type: "ended", end: { how: "exit" }, done: true }, "completed", {}],
    ["not done", { type: "ended", end: { how: "exit", code: 0 }, done: error }, "failed", { error, exit: { code: 0 } }],
  ])("is %s where its tool says so, whatever its exit code", (_title, event, status, more) => {
    expect(advance(running(), event, 9)).toMatchObject({ status, ...more });
  });

  test.each(["tool_missing", "tool_unknown", "session_missing"])("and %s is not tried again", (code) => {
    const retried = running({ retries: 3, retriesLeft: 3 });
    expect(advance(retried, { type: "refused", error: { ...error, code } }, 9).status).toBe("failed");
  });

  test("is tried again as often as it may, each time later, and remembers why", () => {
    let task = newTask({ retries: 2, retriesLeft: 2 });
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      task = advance(advance(task, { type: "begun" }, 0), exit(1), 0);
      waits.push(task.notBefore ?? -1);
    }
    expect(waits).toEqual([1_000, 2_000, -1]);
    expect(task).toMatchObject({ status: "failed", attempt: 3, retriesLeft: 0, retries: 2 });
  });

  test("whose place went is run again only where it may be, and not for ever", () => {
    let task = newTask({ restartable: true });
    for (let times = 0; times < 10; times += 1) {
      task = advance(advance(task, { type: "begun" }, 0), { type: "ended", end: { how: "lost" } }, 0);
      expect(task).toMatchObject({ status: "pending", retriesLeft: 0 });
    }
    task = advance(advance(task, { type: "begun" }, 0), { type: "ended", end: { how: "lost" } }, 0);
    expect(task).toMatchObject({ status: "failed", error: { code: "task_lost" }, losses: 11 });
  });

  test.each<[string, TaskEvent, TaskStatus]>([
    ["completed, where it was quicker", exit(0), "completed"],
    ["cancelled, whatever its program made of it", exit(2), "cancelled"],
    ["cancelled, where its place went first", { type: "ended", end: { how: "lost" } }, "cancelled"],
    ["cancelled, where it never began", { type: "refused", error }, "cancelled"],
  ])("and whose end was asked for is %s, and never tried again", (_title, event, status) => {
    const task = advance(running({ retries: 3, retriesLeft: 3, restartable: true }), { type: "cancelling" }, 1);
    const over = advance(task, event, 2);
    expect(over.status).toBe(status);
    expect(over).not.toHaveProperty("cancelling");
  });

  test("begins anew without what was said of the attempt before", () => {
    const failed = advance(running({ retries: 1, retriesLeft: 1, waits: error }), exit(1), 5);
    expect(failed).toMatchObject({ status: "pending", error: { code: "command_failed" }, exit: { code: 1 } });
    const again = advance(failed, { type: "begun" }, 6);
    for (const gone of ["error", "exit", "notBefore", "waits"]) expect(again).not.toHaveProperty(gone);
    expect(again).toMatchObject({ attempt: 2, startedAt: 6 });
  });

  test("may wait for an answer, for a limit and for a login, and go on", () => {
    const asked = advance(running(), { type: "asked", question }, 1);
    expect(asked).toMatchObject({ status: "waiting_input", question });
    const resumed = advance(asked, { type: "resumed", prompt: "The left one." }, 2);
    expect(resumed).toMatchObject({ status: "pending", followUp: "The left one.", ahead: true });
    expect(resumed).not.toHaveProperty("question");
    const limited = advance(running(), { type: "limited", until: 50 }, 1);
    expect(limited).toMatchObject({ status: "limited", notBefore: 50 });
    expect(advance(limited, { type: "begun" }, 51).status).toBe("running");
    const now = advance(limited, { type: "resumed" }, 2);
    expect(now.status).toBe("pending");
    expect(now).not.toHaveProperty("notBefore");
    expect(advance(running(), { type: "locked_out", error }, 1)).toMatchObject({ status: "auth_failed", error });
    expect(advance(newTask(), { type: "locked_out", error }, 1)).toMatchObject({ status: "auth_failed", attempt: 0 });
  });

  test("keeps an answer until its tool names the conversation that it was given in", () => {
    const resumed = advance(
      advance(running(), { type: "asked", question }, 1),
      { type: "resumed", prompt: "Left." },
      2,
    );
    const again = advance(resumed, { type: "begun" }, 3);
    expect(again).toMatchObject({ followUp: "Left.", attempt: 2 });
    expect(again).not.toHaveProperty("ahead");
    expect(advance(again, { type: "told", result: "Hm." }, 4)).toMatchObject({ followUp: "Left.", result: "Hm." });
    const heard = advance(again, { type: "told", session: "s2" }, 4);
    expect(heard.session).toBe("s2");
    expect(heard).not.toHaveProperty("followUp");
  });

  test("gets other permissions with an answer", () => {
    const spec = { kind: "agent", tool: "claude", prompt: "Do it." } as const;
    const asked = advance(running({ spec }), { type: "asked", question }, 1);
    expect(advance(asked, { type: "resumed", permissions: "all" }, 2).spec).toEqual({ ...spec, permissions: "all" });
  });

  test.each<TaskEvent>([
    { type: "asked", question: { text: "?", reason: "question" } },
    { type: "limited", until: 9 },
    { type: "locked_out", error },
  ])("waits for nothing more once its end was asked for: $type", (event) => {
    const over = advance(advance(running(), { type: "cancelling" }, 1), event, 2);
    expect(over).toMatchObject({ status: "cancelled", completedAt: 2 });
  });
});

const end = fc.record(
  { how: fc.constantFrom<RunEnd["how"]>("exit", "timeout", "cancelled", "lost"), code: fc.constantFrom(0, 1, 137) },
  { requiredKeys: ["how", "code"] },
);
const anyEvent: fc.Arbitrary<TaskEvent> = fc.oneof(
  fc.constant<TaskEvent>({ type: "begun" }),
  end.map((how): TaskEvent => ({ type: "ended", end: how })),
  fc.constantFrom<TaskEvent>(
    { type: "refused", error },
    { type: "cancelling" },
    { type: "cancelled" },
    { type: "held", waits: error },
    { type: "freed" },
    { type: "billed", account: "me" },
    { type: "told", session: "s" },
    { type: "ended", end: { how: "exit", code: 1 }, done: true },
    { type: "ended", end: { how: "exit", code: 0 }, done: error },
    { type: "asked", question },
    { type: "limited", until: 9 },
    { type: "locked_out", error },
    { type: "resumed" },
    { type: "resumed", prompt: "Yes." },
  ),
);

test("whatever happens, a task is over at most once and begins at most as often as it may", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), fc.integer({ min: 0, max: 3 }), (events, retries) => {
      let task = newTask({ retries, retriesLeft: retries });
      let failures = 0;
      for (const event of events) {
        const wasOver = isFinal(task.status);
        try {
          task = advance(task, event, 1);
          expect(wasOver).toBe(false);
          if (task.status === "pending" && (event.type === "ended" || event.type === "refused")) failures += 1;
        } catch (thrown) {
          expect(isWsError(thrown, "illegal_transition")).toBe(true);
        }
        expect(task.completedAt !== undefined).toBe(isFinal(task.status));
        expect(task.retriesLeft).toBe(retries - failures);
      }
    }),
  );
});
