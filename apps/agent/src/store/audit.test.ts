import { DatabaseSync } from "node:sqlite";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { type AuditFilter, createAudit } from "./audit.ts";
import { transact } from "./database.ts";
import { MIGRATIONS } from "./migrations.ts";

/** In memory, with room for a hundredth of what an agent keeps. */
function setUp() {
  const db = new DatabaseSync(":memory:");
  onTestFinished(() => db.close());
  for (const step of MIGRATIONS) db.exec(step);
  const ports = { clock: createManualClock(), redactor: createRedactor(), log: createSilentLog() };
  const audit = createAudit(db, ports, { done: 3_000, refused: 1_000 });
  /** As the next agent has it. */
  const reopen = () => createAudit(db, ports, { done: 3_000, refused: 1_000 });
  const count = (who: string) => audit.list(1_000_000).filter((entry) => entry.who === who).length;
  return { audit, count, reopen, db, clock: ports.clock };
}

test("what is refused pushes out nothing that was done, and nothing that another was refused", () => {
  const { audit, count } = setUp();
  audit.append({ who: "owner", action: "workspaces.delete", target: "demo", outcome: "ok" });
  audit.append({ who: "other", action: "tokens.create", outcome: "forbidden" });
  for (let round = 0; round < 10_000; round += 1) {
    audit.append({ who: "inside", action: "workspaces.delete", target: `random-${round}`, outcome: "forbidden" });
  }
  expect([count("owner"), count("other")]).toEqual([1, 1]);
  expect(count("inside")).toBeLessThanOrEqual(2_000);
  expect(audit.list(1)[0]?.target).toBe("random-9999");
});

test("who does very much pushes out what they did themselves", () => {
  const { audit, count } = setUp();
  for (let round = 0; round < 500; round += 1) audit.append({ who: "owner", action: "tokens.create", outcome: "ok" });
  for (let round = 0; round < 20_000; round += 1) {
    audit.append({ who: "inside", action: "workspaces.touch", outcome: "ok" });
  }
  expect(count("owner")).toBe(500);
  expect(count("inside")).toBeLessThanOrEqual(4_000);
});

test("among many callers whoever has more than an equal share gives up the excess, and nobody else", () => {
  const { audit, count } = setUp();
  for (let round = 0; round < 300; round += 1) audit.append({ who: "owner", action: "tokens.create", outcome: "ok" });
  const others = ["a", "b", "c", "d", "e", "f"];
  for (let round = 0; round < 3_700; round += 1) {
    audit.append({ who: others[round % 6] ?? "", action: "workspaces.touch", outcome: "ok" });
  }
  // Of 4000, where 3000 fit, no one has as many as have to go.
  expect([count("owner"), ...others.map(count)]).toEqual([300, 450, 450, 450, 450, 450, 450]);
});

test("of what a caller chose only printable characters are kept, and no more than a line of them (CVE-2021-25743)", () => {
  const { audit } = setUp();
  const said = `\u001b]0;x\u0007\u009b31m${"a".repeat(300)}`;
  audit.append({ who: said, action: "terminal", target: said, outcome: "ok", details: { terminal: said } });
  const kept = `\uFFFD]0;x\uFFFD\uFFFD31m${"a".repeat(190)}`;
  expect(audit.list(1)).toMatchObject([{ who: kept, target: kept, details: { terminal: kept } }]);
});

test("what began is one entry once it is over, and of what the agent was killed in the middle of one says so", () => {
  const { audit, reopen, clock } = setUp();
  const begun = (command: string) => ({ who: "ada", action: "exec", target: "demo", details: { command } });
  const end = audit.begin(begun("make"));
  const at = clock.now();
  audit.begin(begun("sleep 9"));
  expect(audit.list(9)).toEqual([]);
  clock.advance(2_000);
  end({ outcome: "ok", details: { command: "make", exitCode: "0" } });
  const over = { who: "ada", action: "exec", target: "demo", outcome: "ok" };
  const made = { ...over, at: at + 2_000, details: { command: "make", exitCode: "0" } };
  expect(audit.list(9)).toEqual([made]);
  const cut = { ...over, at, outcome: "interrupted", details: { command: "sleep 9" } };
  expect(reopen().list(9)).toEqual([cut, made]);
  expect(reopen().list(9)).toEqual([cut, made]);
});

test("what is written down with something else is not there without it", () => {
  const { audit, db } = setUp();
  const failing = () =>
    transact(db, () => {
      audit.append({ who: "ada", action: "tasks.end", outcome: "ok" });
      throw new Error("killed");
    });
  expect(failing).toThrow("killed");
  expect(audit.list(9)).toEqual([]);
  transact(db, () => audit.append({ who: "ada", action: "tasks.end", outcome: "ok" }));
  expect(audit.list(9)).toHaveLength(1);
});

test("Entries are found by what they were done to, by whom, of which kind and since when, all of it together, the newest first", () => {
  const { audit, clock } = setUp();
  const add = (who: string, action: string, target: string): void =>
    audit.append({ who, action, target, outcome: "ok" });
  add("bot (tok-1)", "tasks.create", "demo");
  add("ada (tok-2)", "tasks.end", "demo");
  clock.advance(60_000);
  const later = clock.now();
  add("bot (tok-1)", "tasks.end", "demo");
  add("bot (tok-1)", "tasksmith", "other");
  add("10.0.0.1_%", "terminal", "demo");
  const found = (only: AuditFilter, limit = 10) =>
    audit.list(limit, only).map(({ who, action, target }) => `${who} ${action} ${target}`);
  expect(found({ target: "demo", action: "tasks" })).toEqual([
    "bot (tok-1) tasks.end demo",
    "ada (tok-2) tasks.end demo",
    "bot (tok-1) tasks.create demo",
  ]);
  expect(found({ who: "tok-1", since: later })).toEqual(["bot (tok-1) tasksmith other", "bot (tok-1) tasks.end demo"]);
  expect(found({ who: "bot", action: "tasks.end" }, 1)).toEqual(["bot (tok-1) tasks.end demo"]);
  // Nothing of it is a pattern, or anything else than text.
  expect(found({ who: "_%" })).toEqual(["10.0.0.1_% terminal demo"]);
  for (const odd of ["%", "*", "' OR 1=1 --", "demo' --"]) {
    expect([found({ target: odd }), found({ action: odd })]).toEqual([[], []]);
  }
});
