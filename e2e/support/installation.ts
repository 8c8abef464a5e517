import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A second copy of what was built, with an image description of its own that a test may spoil. */
export interface Installation extends AsyncDisposable {
  /** Its `ws`. */
  readonly launcher: string;
  /** The folder with the workspace image's Dockerfile. */
  readonly imageDirectory: string;
}

export async function copyInstallation(): Promise<Installation> {
  const copy = await mkdtemp(join(tmpdir(), "ws-e2e-installation-"));
  await cp(join(root, "ws"), join(copy, "ws"));
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
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
  await symlink(join(copy, "apps/agent"), join(modules, "@ws/agent"));
  return {
    launcher: join(copy, "ws"),
    imageDirectory: join(shipped, "docker/workspace"),
    [Symbol.asyncDispose]: () => rm(copy, { recursive: true, force: true }),
  };
}
