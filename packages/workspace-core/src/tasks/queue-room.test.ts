import { expect, test } from "vitest";
import { agentTask } from "../testing/agent-stand-in/agent-task.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createMemoryTaskStore } from "../testing/memory-tasks.ts";
import { requireRoom } from "./queue-room.ts";
import { createTaskRecords } from "./task-records.ts";
import { admitTask } from "./task-request.ts";

const PLACE = { id: "ws-a", name: "a", status: "running", busy: false, toStayStopped: false } as const;
const MIB = 1024 * 1024;

function world() {
  const clock = createManualClock();
  const store = createMemoryTaskStore();
  const records = createTaskRecords({ store, clock });
  const add = (prompt: string) =>
    records.insert(admitTask(agentTask(prompt), PLACE, { id: `task-${records.live.size}`, now: clock.now() }));
  return { clock, store, records, add };
}

test("a queue that holds 128 MiB of text takes no further task, however few they are", () => {
  const { live } = world().records;
  expect(() => requireRoom({ live, text: () => 128 * MIB - 1 })).not.toThrow();
  expect(() => requireRoom({ live, text: () => 128 * MIB })).toThrow(
    expect.objectContaining({ code: "too_many_requests", message: expect.stringContaining("128 MiB") as string }),
  );
});

test("what tasks hold counts until they are over, with what they are told later, and after a restart", () => {
  const { clock, store, records, add } = world();
  const [first, second] = [add("x".repeat(100)), add("y".repeat(50))];
  expect(records.text()).toBe(150);
  records.change(first.id, { type: "resumed", prompt: "more" });
  expect(records.text()).toBe(154);
  const after = createTaskRecords({ store, clock });
  after.load();
  expect(after.text()).toBe(154);
  records.change(first.id, { type: "cancelled" });
  expect(records.text()).toBe(50);
  records.change(second.id, { type: "cancelled" });
  expect(records.text()).toBe(0);
});
