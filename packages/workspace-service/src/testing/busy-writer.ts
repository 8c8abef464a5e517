// A process that is killed: changes records, grants and logs without an end, and says each change that it was told is written.
import { openState } from "../state/state.ts";
import { newRecord } from "./records.ts";

const state = openState(process.argv[2] ?? "");
const record = newRecord(`busy-${process.pid}`);
state.store.insert(record);
for (let count = 1; ; count += 1) {
  state.store.update({ ...record, updatedAt: count, env: { PADDING: "x".repeat(count % 9_000) } });
  state.store.appendLog(record.id, { at: count, source: "agent", line: "y".repeat(count % 300) });
  process.stdout.write(`${record.id} ${count}\n`);
}
