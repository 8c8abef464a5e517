import { afterAll, beforeAll, expect, test } from "vitest";
import { EXIT } from "../../errors.ts";
import { startLocalAgent, type LocalAgent } from "../../testing/local-agent.ts";
import { verbFirst } from "./verb.ts";

let agent: LocalAgent;

const ws = (...argv: string[]) => agent.ws(argv);
const git = (...words: string[]) => ws("git", "demo", ...words);
const sh = (script: string) => ws("exec", "demo", "--", "sh", "-ec", script);

beforeAll(async () => {
  agent = await startLocalAgent();
  const { code, err } = await ws("start", "demo", "--clone", "#git:tool");
  if (code !== EXIT.ok) throw new Error(err);
});
afterAll(() => agent[Symbol.asyncDispose]());

test("a change is looked at, staged, committed, pushed and found in the log", async () => {
  expect(await git("status")).toMatchObject({
    code: EXIT.ok,
    out: "",
    err: expect.stringContaining("Nothing has changed.") as string,
  });
  await sh("printf 'one\\ntwo\\n' > 'a b.txt'; mkdir new; touch new/x");
  expect((await git("status", "--untracked", "files")).out).toMatch(
    /^STAGED +CHANGED +FILE\n- +untracked +a b\.txt\n- +untracked +new\/x\n$/,
  );
  expect(await git("add", "a b.txt")).toMatchObject({ code: EXIT.ok, err: "Staged.\n" });
  expect((await git("diff", "--staged")).out).toBe("added a b.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n\n");
  expect((await git("diff", "--staged", "--stat")).out).toMatch(/a b\.txt +added +\+2 +-0\n$/);
  const commit = await git("commit", "-m", "Say one and two");
  expect(commit.out).toMatch(/^[0-9a-f]{40}\n$/);
  expect((await git("log", "--limit", "1")).out).toMatch(
    /^COMMIT +DATE +AUTHOR +SUBJECT\n[0-9a-f]{12} +\S+ \S+ +Ada +\[parallax\S+\] Say one and two\n$/,
  );
  expect((await git("show")).out).toMatch(
    /^commit [0-9a-f]{40}\nAuthor: Ada <ada@example.test>\nDate: .*\n\n {4}Say one and two\n\nadded a b\.txt\n/,
  );
  expect((await git("cat", "a b.txt", "--ref", "HEAD")).out).toBe("one\ntwo\n");
  expect((await git("push")).err).toMatch(/^Pushed parallax\S+ at [0-9a-f]{12}\.\n$/);
  expect((await git("pull")).err).toContain("has nothing new");
});

test("every verb prints JSON, whichever way it is asked for", async () => {
  const status = await git("status", "--format", "json");
  expect(JSON.parse(status.out)).toMatchObject({ files: expect.any(Array) as unknown, truncated: false });
  for (const words of [
    ["log"],
    ["diff"],
    ["show"],
    ["cat", "a b.txt"],
    ["branch"],
    ["stash"],
    ["reset"],
    ["add", "a b.txt"],
    ["pull"],
    ["push"],
  ]) {
    const { code, out, err } = await git(...words, "--json");
    expect({ words, code, err }).toEqual({ words, code: EXIT.ok, err: "" });
    expect(typeof JSON.parse(out)).toBe("object");
  }
  expect(JSON.parse((await git("add", "none", "--format=json")).err)).toMatchObject({
    error: { code: "file_not_found" },
  });
});

test("a file of a commit is text, bytes where it is none, and cut at no character", async () => {
  await sh(
    "printf '\\000\\001' > bin; printf 'caf\\351' > latin; yes é | head -c 1100001 > long; git add -A; git commit -qm blobs",
  );
  const blob = async (path: string): Promise<object> =>
    JSON.parse((await git("cat", path, "--ref", "HEAD", "--json")).out) as object;
  for (const path of ["bin", "latin"]) {
    const told = await blob(path);
    expect(told).toMatchObject({ path, binary: true, truncated: false });
    expect(told).not.toHaveProperty("content");
  }
  const { content, ...long } = (await blob("long")) as { content: string };
  expect(long).toMatchObject({ size: 1_100_001, encoding: "utf-8", truncated: true });
  expect(content).toBe("é\n".repeat(Math.ceil(1_048_576 / 3)).slice(0, content.length));
  expect(Buffer.byteLength(content)).toBeGreaterThan(1_048_570);
});

test("branches are made, listed, checked out and deleted, and what would be lost is refused until it is meant", async () => {
  expect((await git("checkout", "feature", "--create")).err).toBe("On feature.\n");
  await sh("echo x > x.txt && git add x.txt && git commit -qm x");
  expect((await git("branch")).out).toMatch(/\n\* feature +[0-9a-f]{12} /);
  await git("checkout", "main");
  const refused = await git("branch", "feature", "--delete");
  expect(refused).toMatchObject({ code: EXIT.failed, err: expect.stringContaining("--allow-destructive") as string });
  expect((await git("branch", "feature", "--delete", "--allow-destructive")).err).toContain("Add --yes");
  expect((await git("branch", "feature", "--delete", "--allow-destructive", "--yes")).err).toContain(
    "Deleted feature.",
  );
});

test("changes are put away and brought back, and reset only where that is said", async () => {
  await sh("echo changed >> README.md || true; git add -A");
  expect((await git("stash", "push", "--message", "half")).err).toBe("Put away.\n");
  expect((await git("stash")).out).toMatch(/\n0 +[0-9a-f]{12} .*half\n$/);
  expect((await git("stash", "pop")).err).toBe("Brought back.\n");
  expect(await git("reset", "--hard")).toMatchObject({
    code: EXIT.failed,
    err: expect.stringContaining("uncommitted_work") as string,
  });
  expect((await git("reset", "--hard", "--allow-destructive", "--yes")).err).toMatch(/At [0-9a-f]{12}\.\n$/);
  expect((await git("rebase", "--continue")).err).toContain("ws git demo rebase ONTO");
  expect((await git("reset", "--hard", "--soft")).code).toBe(EXIT.usage);
  expect((await git("rebase")).code).toBe(EXIT.usage);
});

test("a policy holds, and says which rule and where it is set", async () => {
  const { code, err } = await git("add", "README.md").then(async () => {
    await sh("echo secret > .env");
    return git("add", ".");
  });
  expect({ code, err }).toMatchObject({
    code: EXIT.denied,
    err: expect.stringMatching(/'\.env' cannot be changed: the rule sensitivePaths/) as string,
  });
});

test("what stands in a name, a message or a file obeys no terminal", async () => {
  await sh(
    "rm -f .env; printf 'a\\033]0;title\\007b\\n' > \"$(printf 'e\\033[31m\\nvil')\"; git add -A; git commit -qm \"$(printf 'm\\033[2J')\"",
  );
  for (const words of [["show"], ["show", "--stat"], ["log"], ["status"]]) {
    expect((await git(...words)).out).not.toMatch(/[^\P{Cc}\n]/u);
  }
});

test("a workspace can be called like a verb", () => {
  const verbs = ["status", "log"];
  expect(verbFirst(["git", "demo", "status", "--json"], verbs)).toEqual(["git", "status", "demo", "--json"]);
  expect(verbFirst(["git", "status", "log"], verbs)).toEqual(["git", "log", "status"]);
  expect(verbFirst(["git", "status", "demo"], verbs)).toEqual(["git", "status", "demo"]);
  expect(verbFirst(["exec", "demo", "log"], verbs)).toEqual(["exec", "demo", "log"]);
  expect(verbFirst(["git", "help", "log"], verbs)).toEqual(["git", "help", "log"]);
});

test("a verb that is none is named with the nearest, and a name alone leads to the verbs", async () => {
  expect((await git("statsu")).err).toBe("ws: Unknown command 'statsu'. (usage)\n    Did you mean status?\n");
  expect(await git()).toMatchObject({ code: EXIT.usage, err: expect.stringMatching(/^Usage: ws git NAME/) as string });
  expect((await git("--help")).out).toMatch(/^Usage: ws git NAME/);
});
