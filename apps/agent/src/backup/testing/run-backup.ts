import { restoreBackup, writeBackup } from "../index.ts";

/** Does, in a process that can be killed or has a disk of its own: `write|restore DIRECTORY FILE`. Says `begun`, and then `done` or an error's code. */
const [what = "", directory = "", file = ""] = process.argv.slice(2);
process.stdout.write("begun\n");
try {
  if (what === "write") await writeBackup(directory, file, { now: Date.now() });
  else await restoreBackup(directory, file, { now: Date.now() });
  process.stdout.write("done\n");
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code ?? String(error)}\n`);
}
