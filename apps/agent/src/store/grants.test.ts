import { join } from "node:path";
import { grantStoreSuite, newGrant } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { createGrantStore } from "./grants.ts";

grantStoreSuite("the one in SQLite", async () => {
  const directory = tempDir();
  const open = () => openDatabase(join(directory.path, "state.db"), createSilentLog());
  let db = open();
  return {
    grants: createGrantStore(db),
    async reopen() {
      db.close();
      db = open();
      return createGrantStore(db);
    },
    async [Symbol.asyncDispose]() {
      db.close();
      directory[Symbol.dispose]();
    },
  };
});

test("an end is insisted on, as on a full disk nothing else would be", () => {
  using directory = tempDir();
  const db = openDatabase(join(directory.path, "state.db"), createSilentLog());
  let insisted = 0;
  const grants = createGrantStore(db, (work) => {
    insisted += 1;
    return work();
  });
  grants.insert(newGrant("grant-a"));
  grants.update(newGrant("grant-a", { lastUsedAt: 5 }));
  expect(insisted).toBe(0);
  grants.update(newGrant("grant-a", { revokedAt: 6 }));
  expect(insisted).toBe(1);
  db.close();
});
