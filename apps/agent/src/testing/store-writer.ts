import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createRedactor } from "../log/redact.ts";
import { openDatabase } from "../store/database.ts";
import { createSeal } from "../store/seal.ts";
import { createWorkspaceStore } from "../store/workspace-store.ts";
import { createSilentLog } from "./silent-log.ts";

// Writes without end and says so after each write that returned, until it is killed.
const db = openDatabase(join(process.argv[2] ?? ".", "state.db"), createSilentLog());
const key = randomBytes(32);
const seal = createSeal(() => key);
const store = createWorkspaceStore(db, { redactor: createRedactor(), log: createSilentLog(), seal });
const round = process.argv[3] ?? "0";
for (let count = 0; ; count += 1) {
  const record = {
    id: `ws-${round}-${count}` as const,
    name: `w-${round}-${count}`,
    runtime: "local" as const,
    profile: "person" as const,
    phase: "provisioning" as const,
    power: "stopped" as const,
    limits: {},
    env: {},
    startup: [],
    createdAt: count,
    updatedAt: count,
    lastUsedAt: count,
  };
  store.insert(record);
  store.update({ ...record, phase: "ready" });
  store.appendLog(record.id, { at: count, source: "agent", line: "made" });
  process.stdout.write(`${count}\n`);
}
