export { requireRestorable } from "./lock-for-restore.ts";
export { restoreBackup, type Restored } from "./restore-backup.ts";
export { writeBackup, type WrittenBackup } from "./write-backup.ts";
