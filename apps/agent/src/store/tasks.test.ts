import { join } from "node:path";
import { taskStoreSuite } from "@ws/workspace-core/testing";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { createTaskStore } from "./tasks.ts";

taskStoreSuite("the SQLite store", async () => {
  const directory = tempDir();
  const open = () => openDatabase(join(directory.path, "state.db"), createSilentLog());
  const redactor = createRedactor();
  let db = open();
  return {
    store: createTaskStore(db, { redactor }),
    async reopen() {
      db.close();
      db = open();
      return createTaskStore(db, { redactor });
    },
    async [Symbol.asyncDispose]() {
      db.close();
      directory[Symbol.dispose]();
    },
  };
});
