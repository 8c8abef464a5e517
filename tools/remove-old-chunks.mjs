// Run after a build, in the package's folder: removes what earlier builds left in dist, once it is older than so many hours. What
// runs while it is built anew still loads chunks of its own build; everything of the new one has just been written.
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const [hours] = process.argv.slice(2).map(Number);
for (const name of readdirSync("dist", { recursive: true })) {
  if (name.startsWith("types") || !/\.js(?:\.map)?$/.test(name)) continue;
  const path = join("dist", name);
  if (Date.now() - statSync(path).mtimeMs > hours * 3_600_000) rmSync(path, { force: true });
}
