// Run after a build, in the package's folder: removes what earlier builds left in dist, so many hours after another build took
// its place. What runs while it is built anew still loads chunks of its own build.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** A build writes all of its files anew, so what is younger than the list of the last build's is this one's. */
export function removeOldChunks(directory, hours) {
  const list = join(directory, "node_modules", ".cache", "last-build.json");
  const last = read(list);
  const now = new Date();
  const built = [];
  for (const name of readdirSync(join(directory, "dist"), { recursive: true })) {
    if (name.startsWith("types") || !/\.js(?:\.map)?$/.test(name)) continue;
    const path = join(directory, "dist", name);
    const { mtimeMs } = statSync(path);
    if (mtimeMs > last.at) built.push(name);
    else if (last.built.includes(name)) utimesSync(path, now, now);
    else if (now - mtimeMs > hours * 3_600_000) rmSync(path, { force: true });
  }
  mkdirSync(dirname(list), { recursive: true });
  writeFileSync(list, JSON.stringify(built));
}

function read(list) {
  try {
    return { at: statSync(list).mtimeMs, built: JSON.parse(readFileSync(list, "utf8")) };
  } catch {
    // Then all that is there may have been in use until now.
    return { at: 0, built: [] };
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) removeOldChunks(".", Number(process.argv[2]));
