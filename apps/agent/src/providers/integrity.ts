import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";

/**
 * One hash, `sha256-` and hex digits, over all files of a package and of whatever it depends on, as Node finds those from where it lies. Places are told
 * from this directory, so that a copy of it has the same.
 */
export async function integrityOf(directory: string, from: string): Promise<string> {
  const [start, root] = await Promise.all([realpath(directory), realpath(from)]);
  const lines = new Set<string>();
  const seen = new Set<string>();
  const left = [start];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const file of await filesOf(at)) {
      const hash = createHash("sha256").update(await readFile(join(at, file)));
      lines.add(`${relative(root, join(at, file)).split(sep).join("/")}\0${hash.digest("hex")}`);
    }
    left.push(...(await dependenciesOf(at)));
  }
  return `sha256-${createHash("sha256")
    .update([...lines].sort().join("\n"))
    .digest("hex")}`;
}

/** All that lies in it, packages and what only looks like one included. A link leads to what may change without the package, and npm installs none but commands. */
async function filesOf(directory: string, below = ""): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(join(directory, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) {
      const isCommands = entry.name === ".bin" && basename(below) === "node_modules";
      if (!isCommands) files.push(...(await filesOf(directory, path)));
    } else if (entry.isFile()) files.push(path);
    else throw new Error(`It holds '${path}', which is no file.`);
  }
  return files;
}

/** What it says that it needs, and what lies within it. */
async function dependenciesOf(directory: string): Promise<string[]> {
  const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
    await readFile(join(directory, "package.json"), "utf8"),
  ) as Record<"dependencies" | "optionalDependencies" | "peerDependencies", Record<string, string> | undefined>;
  const named = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  const found = [...named, ...(await packagesIn(join(directory, "node_modules")))].map((name) =>
    lookUp(directory, name),
  );
  return Promise.all(found.filter((place) => place !== undefined).map((place) => realpath(place)));
}

async function packagesIn(directory: string): Promise<string[]> {
  if (!existsSync(directory)) return [];
  const names = (await readdir(directory)).filter((name) => !name.startsWith("."));
  const each = names.map(async (name) =>
    name.startsWith("@") ? (await readdir(join(directory, name))).map((inner) => `${name}/${inner}`) : [name],
  );
  return (await Promise.all(each)).flat();
}

/** As Node looks for a package. */
function lookUp(from: string, name: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const place = join(at, "node_modules", name);
    const other = [".js", ".json", ".node"].map((end) => place + end).find((file) => existsSync(file));
    if (other !== undefined) throw new Error(`'${other}' would be taken for the package '${name}'.`);
    if (existsSync(join(place, "package.json"))) return place;
    if (dirname(at) === at) return undefined;
  }
}
