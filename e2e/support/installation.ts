import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A second copy of what was built, with an image description of its own that a test may spoil. */
export interface Installation extends AsyncDisposable {
  /** Its `ws`. */
  readonly launcher: string;
  /** All of it. */
  readonly directory: string;
  /** The folder with the workspace image's Dockerfile. */
  readonly imageDirectory: string;
}

/** `lasting` puts it, with a Node of its own, where a service may be started from, wherever this repository lies. */
export async function copyInstallation({ lasting = false } = {}): Promise<Installation> {
  const place = lasting ? join(homedir(), ".cache/workspace-tests") : tmpdir();
  await mkdir(place, { recursive: true });
  const copy = await mkdtemp(join(place, "ws-e2e-installation-"));
  await cp(join(root, "ws"), join(copy, "ws"));
  if (lasting) {
    await mkdir(join(copy, "node_modules/.bin"), { recursive: true });
    await cp(process.execPath, join(copy, "node_modules/.bin/node"));
  } else {
    await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  }
  for (const app of ["agent", "cli"]) {
    await mkdir(join(copy, "apps", app), { recursive: true });
    for (const part of ["package.json", "dist"]) {
      await cp(join(root, "apps", app, part), join(copy, "apps", app, part), { recursive: true });
    }
  }
  await symlink(join(root, "apps/agent/node_modules"), join(copy, "apps/agent/node_modules"));
  const shipped = join(copy, "apps/agent/shipped");
  await cp(join(root, "docker"), join(shipped, "docker"), { recursive: true });
  await symlink(join(root, "apps/web/dist"), join(shipped, "web"));
  // The command line finds the agent beside it in the copy, and everything else where it was.
  const modules = join(copy, "apps/cli/node_modules");
  await mkdir(join(modules, "@ws"), { recursive: true });
  for (const name of await readdir(join(root, "apps/cli/node_modules"))) {
    if (name !== "@ws") await symlink(join(root, "apps/cli/node_modules", name), join(modules, name));
  }
  await symlink(relative(join(modules, "@ws"), join(copy, "apps/agent")), join(modules, "@ws/agent"));
  return {
    launcher: join(copy, "ws"),
    directory: copy,
    imageDirectory: join(shipped, "docker/workspace"),
    [Symbol.asyncDispose]: () => rm(copy, { recursive: true, force: true }),
  };
}

/** Makes of a copy what a later release would be: another version, whose state has one form more. */
export async function makeNewer({ directory }: Installation, version: string): Promise<void> {
  const change = async (file: string, from: RegExp, to: string): Promise<void> => {
    const text = await readFile(file, "utf8");
    if (!from.test(text)) throw new Error(`nothing like ${from} is in ${file}`);
    await writeFile(file, text.replace(from, to));
  };
  for (const app of ["agent", "cli"]) {
    await change(join(directory, "apps", app, "package.json"), /"version": "[^"]+"/, `"version": "${version}"`);
  }
  const cli = join(directory, "apps/cli/dist");
  const versionFile = (await readdir(cli)).find((name) => /^version-.*\.js$/.test(name)) ?? "none";
  await change(join(cli, versionFile), /VERSION = "[^"]+"/, `VERSION = "${version}"`);
  const chunks = join(directory, "apps/agent/dist/chunks");
  const texts = await Promise.all(
    (await readdir(chunks, { recursive: true }))
      .filter((name) => name.endsWith(".js"))
      .map(async (name) => [join(chunks, name), await readFile(join(chunks, name), "utf8")] as const),
  );
  const stateFiles = texts.filter(([, text]) => text.includes("const MIGRATIONS = ["));
  // What was built before lies there too; nobody loads that.
  for (const [file] of stateFiles) {
    await change(
      file,
      /(const MIGRATIONS = \[[^]*?`)(\n\];)/,
      "$1, `CREATE TABLE of_a_later_release (a INTEGER) STRICT;`$2",
    );
  }
  if (stateFiles.length === 0) throw new Error(`no chunk below ${chunks} has the forms of the state`);
}
