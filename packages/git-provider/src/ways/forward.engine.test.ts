import { readFile, rename, writeFile } from "node:fs/promises";
import type { Box, BoxFeature, BoxProcess } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runToEnd } from "../run-git.ts";
import { attaching } from "../testing/attaching.ts";
import { type GitServer, startGitServer } from "../testing/git-server.ts";
import { openStandInBox } from "../testing/stand-in-box.ts";

let server: GitServer;
const { attached, git, gitWith, inside, lsRemote, own, workspaceOf } = attaching(() => server);
beforeAll(async () => {
  server = await startGitServer();
  await server.create("o/r", { files: { "a.txt": "a\n" } });
});
afterAll(() => server[Symbol.asyncDispose]());

test("a workspace that does not know the forge's authority clones, commits and pushes through the worker", async () => {
  await using box = await attached();
  const cloned = await git.clone(box, own("o/r"), { group: "clone", report: () => undefined });
  expect(cloned).toMatchObject({ branch: "main" });
  expect(await inside(box, "config", "--local", "remote.origin.url")).toBe(`${server.origin}/o/r.git`);
  await inside(box, "checkout", "-q", "-b", "work");
  await writeFile(`${box.home}/r/b.txt`, "b\n");
  await inside(box, "add", "b.txt");
  await inside(box, "-c", "user.name=T", "-c", "user.email=t@example.test", "commit", "-qm", "Add b");
  await inside(box, "push", "-q", "-u", "origin", "work");
  const repository = server.requests.filter(({ url }) => url.includes("git-receive-pack"));
  expect(repository.map(({ status }) => status)).toEqual([200, 200]);
  expect(await inside(box, "ls-remote", "origin", "work")).toContain(await inside(box, "rev-parse", "HEAD"));
});

test("the include is the workspace's own, stands once in its configuration, and changes with each connection", async () => {
  await using box = await attached();
  const file = `${box.home}/.config/git/ws-forward`;
  const first = await readFile(file, "utf8");
  expect((await box.files.stat(file)).mode).toBe(0o600);
  await git.attach(box, workspaceOf("o/r"));
  expect(await readFile(file, "utf8")).not.toBe(first);
  expect((await readFile(`${box.home}/.gitconfig`, "utf8")).match(/ws-forward/g)).toHaveLength(1);
  expect((await lsRemote(box, `${server.origin}/o/r.git`)).code).toBe(0);
});

test("in whose name git commits is said below what the workspace itself says, and anew when that changes", async () => {
  await using box = await attached();
  await git.clone(box, own("o/r"), { group: "clone", report: () => undefined });
  const author = async (): Promise<string> => {
    await inside(box, "commit", "-q", "--allow-empty", "-m", "X");
    return inside(box, "log", "-1", "--format=%an <%ae>");
  };
  const tricky = 'Ada "L" \\ #1; $HOME';
  expect(await git.identify(box, { name: tricky, email: "ada@example.test" })).toBe(true);
  expect(await author()).toBe(`${tricky} <ada@example.test>`);
  await git.identify(box, { name: "Grace\nemail = x", email: "grace@example.test" });
  expect(await author()).toBe("Grace email = x <grace@example.test>");
  await inside(box, "config", "--global", "user.name", "Of the user");
  await inside(box, "config", "user.email", "own@example.test");
  expect(await author()).toBe("Of the user <own@example.test>");
  await inside(box, "config", "--global", "--unset", "user.name");
  // Nothing of it outlives its setting, also over a new connection.
  await git.attach(box, workspaceOf("o/r"));
  await git.identify(box, {});
  expect((await runToEnd(box, ["git", "config", "user.name"], { cwd: `${box.home}/r` })).stdout).toBe("");
});

test("where git is not led nobody can be named in its configuration", async () => {
  await using box = await openStandInBox();
  expect(await git.identify(box, { name: "Ada" })).toBe(false);
});

test("a workspace whose git configuration is a pipe holds the attaching up only until it is given up, and then git goes directly", async () => {
  await using box = await attached();
  const configuration = `${box.home}/.gitconfig`;
  await rename(configuration, `${configuration}.kept`);
  await runToEnd(box, ["mkfifo", configuration]);
  const started = Promise.withResolvers<BoxProcess>();
  const watched: Box = Object.assign(Object.create(box) as Box, {
    run: async (...args: Parameters<Box["run"]>) => {
      const process = await box.run(...args);
      started.resolve(process);
      return process;
    },
  });
  const leaving = new AbortController();
  const made = gitWith();
  const attaching = made.attach(watched, workspaceOf("o/r"), leaving.signal);
  attaching.catch(() => undefined);
  const { exit } = await started.promise;
  leaving.abort();
  await expect(attaching).rejects.toMatchObject({ code: "aborted" });
  await expect(exit).rejects.toThrow();
  await rename(`${configuration}.kept`, configuration);
  expect(await rewritten(box)).toBe("");
  await made.attach(box, workspaceOf("o/r"));
  expect(await rewritten(box)).toContain("https://");
  expect((await lsRemote(box, `${server.origin}/o/r.git`)).code).toBe(0);
});

test.each(["listen", "write"] as const)(
  "an attaching that is given up at '%s' leaves nothing of itself nor of an earlier one",
  async (at) => {
    await using box = await attached();
    expect(await rewritten(box)).toContain("https://");
    const leaving = new AbortController();
    const watched: Box = Object.assign(Object.create(box) as Box, {
      listen: (...args: Parameters<Box["listen"]>) => {
        if (at !== "listen") return box.listen(...args);
        leaving.abort();
        return new Promise(() => undefined);
      },
      files: {
        ...box.files,
        write: async (...args: Parameters<Box["files"]["write"]>) => {
          await box.files.write(...args);
          leaving.abort();
        },
      },
    });
    await expect(gitWith().attach(watched, workspaceOf("o/r"), leaving.signal)).rejects.toMatchObject({
      code: "aborted",
    });
    expect(await rewritten(box)).toBe("");
  },
);

test("where the Box cannot listen nothing is written and what an earlier connection left is removed", async () => {
  await using box = await attached();
  const withoutListen: Box = Object.assign(Object.create(box) as Box, { missing: ["listen"] satisfies BoxFeature[] });
  await git.attach(withoutListen, workspaceOf("o/r"));
  await expect(readFile(`${box.home}/.config/git/ws-forward`)).rejects.toThrow("ENOENT");
});

/** What git in the workspace puts in the place of a URL's beginning. */
async function rewritten(box: Box): Promise<string> {
  return (await runToEnd(box, ["git", "config", "--get-regexp", "^url"])).stdout;
}
