import { join } from "node:path";
import { leaseStoreSuite } from "@ws/workspace-core/testing";
import { openDatabase } from "../store/database.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { createLeaseStore } from "./lease-store.ts";

leaseStoreSuite("the SQLite store", async () => {
  const directory = tempDir();
  const open = () => openDatabase(join(directory.path, "state.db"), createSilentLog());
  let db = open();
  return {
    store: createLeaseStore(db),
    async reopen() {
      db.close();
      db = open();
      return createLeaseStore(db);
    },
    async [Symbol.asyncDispose]() {
      db.close();
      directory[Symbol.dispose]();
    },
  };
});
