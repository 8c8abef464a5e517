import { type WorkspaceId, type WorkspaceRecord, WsError } from "@ws/workspace-core";
import { expect, test } from "vitest";
import { createSilentLog } from "../testing/silent-log.ts";
import { leasedWorkspaces } from "./leased-workspaces.ts";

const RECORD = { id: "ws-1" as WorkspaceId, name: "app-1", request: { key: "lease-1" } } as WorkspaceRecord;
const ASKED = { name: "app-1", key: "lease-1", cloneUrl: "https://forge.test/org/app" };

function start() {
  const made = Promise.withResolvers<WorkspaceRecord>();
  const records: WorkspaceRecord[] = [];
  const cleaned: string[] = [];
  const leased = leasedWorkspaces(
    {
      list: () => records,
      create: () => made.promise,
      start: async () => RECORD,
      async cleanup(name) {
        cleaned.push(name);
        records.length = 0;
        return { id: RECORD.id, name, kept: false };
      },
    },
    createSilentLog(),
  );
  return { leased, made, records, cleaned };
}

test.each([
  ["made", (made: PromiseWithResolvers<WorkspaceRecord>) => made.resolve(RECORD)],
  ["left half-made", (made: PromiseWithResolvers<WorkspaceRecord>) => made.reject(new Error("no space left"))],
])("what is %s after its lease was cancelled is removed again", async (_, settle) => {
  const { leased, made, records, cleaned } = start();
  const cancelling = new AbortController();
  const creating = leased.create(ASKED, cancelling.signal);
  cancelling.abort();
  await expect(creating).rejects.toMatchObject({ code: "aborted" });
  expect(cleaned).toEqual([]);
  records.push(RECORD);
  settle(made);
  await expect.poll(() => cleaned).toEqual(["app-1"]);
  expect(records).toEqual([]);
});

test("what could not be made is told, and what was made in time stays", async () => {
  const failing = start();
  const creating = failing.leased.create(ASKED, new AbortController().signal);
  failing.made.reject(new WsError("name_taken", { message: "It is taken.", data: { name: "app-1" } }));
  await expect(creating).rejects.toMatchObject({ code: "name_taken" });
  const { leased, made, records, cleaned } = start();
  records.push(RECORD);
  made.resolve(RECORD);
  const cancelling = new AbortController();
  expect(await leased.create(ASKED, cancelling.signal)).toBe("ws-1");
  cancelling.abort();
  expect([cleaned, failing.cleaned]).toEqual([[], []]);
});
