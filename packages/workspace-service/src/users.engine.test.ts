import { execFile } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { filesWith } from "./testing/canary.ts";
import { createSubject, sh } from "./testing/subject.ts";

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

test.each(["bubblewrap", "none"] as const)(
  "everything works for an ordinary user, and the program ends by itself (sandbox %s)",
  async (sandbox) => {
    await using s = await createSubject();
    const { url, apiUrl, ca } = s.github;
    const repository = await s.repository({ private: true });
    const directory = realpathSync(mkdtempSync(join(tmpdir(), "ws-user-")));
    const uid = isRoot ? 65_534 : (process.getuid?.() ?? 0);
    try {
      const root = fileURLToPath(new URL("../../..", import.meta.url));
      const script = fileURLToPath(new URL("./testing/ordinary-user.ts", import.meta.url));
      const asked = {
        directory: join(directory, "workspaces"),
        github: { url, apiUrl, ca },
        sandbox,
        token: s.token,
        repo: repository.url,
      };
      // Seen from a place that this user can enter: the checkout may lie where only root can.
      const seen = isRoot ? join(directory, "checkout") : root;
      const inside = (path: string): string => join(seen, relative(root, path));
      const program = [inside(process.execPath), "--conditions=source", inside(script), JSON.stringify(asked)] as const;
      const become = `mount --bind "$1" "$2" && shift 2 && exec setpriv --reuid=${uid} --regid=${uid} --clear-groups "$@"`;
      if (isRoot) {
        mkdirSync(seen);
        chownSync(directory, uid, uid);
      }
      const [file, argv] = isRoot
        ? ["unshare", ["--mount", "sh", "-c", become, "sh", root, seen, ...program]]
        : [program[0], program.slice(1)];
      const { stdout } = await run(file, argv, { cwd: directory, env: { PATH: "/usr/bin:/bin", HOME: directory } });
      expect(JSON.parse(stdout)).toEqual({ who: `${uid}\nAda`, number: 1, uid });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

test("many provisions at once are each their own", async () => {
  await using s = await createSubject();
  const repository = await s.repository();
  const service = await s.service();
  const all = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      service.provision({
        repo: repository.url,
        execution: { id: "exec-many" },
        task: { role: "engineer", slug: `part-${index}` },
      }),
    ),
  );
  expect(new Set(all.map(({ id }) => id)).size).toBe(8);
  expect(
    service
      .getForExecution("exec-many")
      .map(({ branch }) => branch.name)
      .sort(),
  ).toEqual(Array.from({ length: 8 }, (_, index) => `parallax/exec-many/engineer/part-${index}`));
  const ended = await service.cleanupForExecution("exec-many");
  expect(ended.map(({ kept }) => kept)).toEqual(Array.from({ length: 8 }, () => false));
});

test("of a directory for objects a workspace sees its own repository, wherever that directory lies", async () => {
  await using s = await createSubject("bubblewrap");
  // Sandboxes see the rest of it.
  const objectsDir = isRoot ? `/opt/ws-objects-${crypto.randomUUID()}` : join(s.directory, "..", "objects");
  try {
    const [own, other] = [await s.repository({ private: true }), await s.repository({ private: true })];
    const service = await s.service({ objectsDir });
    const credentials = { type: "pat", token: s.token } as const;
    const { id } = await service.provision({ repo: own.url, credentials });
    await service.provision({ repo: other.url, credentials });
    await service.provision({ repo: own.url, credentials });
    const packs = readdirSync(objectsDir, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith("/pack"),
    );
    const mine = packs.filter((name) => name.includes(`/${id}/`)).map((name) => join(objectsDir, name));
    expect(packs.length).toBeGreaterThan(mine.length);
    expect((await sh(service, id, `find ${objectsDir} -name pack`)).split("\n")).toEqual(mine);
    expect(await sh(service, id, "git log --oneline | wc -l")).toBe("1");
  } finally {
    rmSync(objectsDir, { recursive: true, force: true });
  }
});

test.each(["bubblewrap", "none"] as const)(
  "with a directory for objects a second workspace has the whole history without asking for it again (sandbox %s)",
  async (sandbox) => {
    await using s = await createSubject(sandbox);
    const repository = await s.repository({ private: true });
    const service = await s.service({ objectsDir: join(s.directory, "..", "objects") });
    const credentials = { type: "pat", token: s.token } as const;
    await service.provision({ repo: repository.url, credentials });
    const packs = (): number => s.github.git.requests.filter(({ url }) => url.endsWith("/git-upload-pack")).length;
    const before = packs();
    const { id } = await service.provision({ repo: repository.url, credentials });
    // What the worker itself asks is whether there is something new.
    expect(packs() - before).toBeLessThanOrEqual(1);
    expect(
      await sh(service, id, "git fsck --full 2>&1 && git log --oneline | wc -l && git status --porcelain"),
    ).toMatch(/^1$/m);
    await sh(service, id, "git commit -q --allow-empty -m x");
    expect((await service.push(id)).commit).toMatch(/^[0-9a-f]{40}$/);
    expect(filesWith(s.directory, s.token).filter((name) => !name.startsWith(".state/tokens/"))).toEqual([]);
    expect(filesWith(join(s.directory, "..", "objects"), s.token)).toEqual([]);
  },
);
