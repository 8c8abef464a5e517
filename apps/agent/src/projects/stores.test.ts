import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createMemoryProjects, projectStoresSuite } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../store/database.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { thrown } from "../testing/thrown.ts";
import { createChangeStore } from "./change-store.ts";
import { importProjects } from "./import.ts";
import { createProjectFiles } from "./project-files.ts";

projectStoresSuite("project files, and changes in SQLite", async () => {
  const directory = tempDir();
  const open = () => openDatabase(join(directory.path, "state.db"), createSilentLog());
  let db = open();
  const stores = () => ({
    projects: createProjectFiles(join(directory.path, "projects")),
    changes: createChangeStore(db),
  });
  return {
    ...stores(),
    async reopen() {
      db.close();
      db = open();
      return stores();
    },
    async [Symbol.asyncDispose]() {
      db.close();
      directory[Symbol.dispose]();
    },
  };
});

describe("a project's file", () => {
  test("is private, whole, and beside nothing half-made", () => {
    using directory = tempDir();
    const place = join(directory.path, "projects");
    createProjectFiles(place).write({ name: "tool", url: "https://host.test/tool" });
    expect(statSync(place).mode & 0o777).toBe(0o700);
    expect(statSync(join(place, "tool.json")).mode & 0o777).toBe(0o600);
    expect(readdirSync(place)).toEqual(["tool.json"]);
    expect(JSON.parse(readFileSync(join(place, "tool.json"), "utf8"))).toEqual({ url: "https://host.test/tool" });
  });

  test.each([
    ['{\n  "url": 5\n}', "2:10: url must be text"],
    ['{\n  "url": "https://h.test/a",\n  "ulr": "x"\n}', "3:10: it has what nothing reads: 'ulr'"],
    ['{ "bareRepoDir": "relative" }', "1:18: bareRepoDir must be an absolute path"],
    ['{ "submit": "later" }', "1:13: submit must be one of merge, push, pull_request"],
    ['{\n  "commit": {\n    "tags": { "a b": "c" } }\n}', "3:"],
    ["{ nonsense", "1:3: expected a name in double quotes"],
    ["[]", "1:1: it must be an object"],
  ])("with a mistake of hand, %j, is named with the place and left as it is", (content, says) => {
    using directory = tempDir();
    const file = join(directory.path, "tool.json");
    writeFileSync(file, content);
    const store = createProjectFiles(directory.path);
    const error = thrown(() => store.read("tool"));
    expect([error?.code, error?.message]).toEqual(["config_invalid", expect.stringContaining(`${file}:${says}`)]);
    expect(store.names()).toEqual(["tool"]);
    expect(readFileSync(file, "utf8")).toBe(content);
  });

  test("is only what is a file of a project's name", () => {
    using directory = tempDir();
    mkdirSync(join(directory.path, "dir.json"));
    for (const name of [".hidden.json", "a b.json", "note.txt", "ok.json"])
      writeFileSync(join(directory.path, name), "{}");
    const store = createProjectFiles(directory.path);
    expect(store.names()).toEqual(["dir", "ok"]);
    expect(thrown(() => store.read("dir"))?.code).toBe("config_invalid");
    expect(store.read("../x")).toBeUndefined();
    store.remove("../x");
  });
});

describe("an import", () => {
  test("takes the two lines that it knows, here and one directory down, and tells what it leaves out", () => {
    using directory = tempDir();
    const put = (path: string, text: string): void => {
      mkdirSync(join(directory.path, path, ".."), { recursive: true });
      writeFileSync(join(directory.path, path), text);
    };
    put("tool/tool.gp", "# notes\nBARE_REPO_DIR: /srv/git/tool.git\nWORKSPACE_DIR: /home/me/tool \nNAME: x\n");
    put("app.gp", "WORKSPACE_DIR: /home/me/app\n");
    put("empty/empty.gp", "NAME: nothing\nWORKSPACE_DIR: relative\n");
    put("known/known.gp", "WORKSPACE_DIR: /home/me/known\n");
    put("deep/er/deep.gp", "WORKSPACE_DIR: /home/me/deep\n");
    const projects = createMemoryProjects();
    projects.add({ name: "known", url: "https://host.test/known" });
    const { imported, skipped } = importProjects(projects, directory.path);
    expect(imported).toEqual(["app", "tool"]);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      "it names no directory",
      "a project of this name exists already",
    ]);
    expect(projects.get("tool")).toEqual({
      name: "tool",
      workflowType: "git",
      bareRepoDir: "/srv/git/tool.git",
      workspaceDir: "/home/me/tool",
    });
    expect(projects.get("app")).toEqual({ name: "app", workspaceDir: "/home/me/app" });
  });

  test("takes what can be read beside a directory that cannot, and tells that one", () => {
    using directory = tempDir();
    // So deep that one more name is too long a path, which stops an administrator's process too.
    const deep = join(directory.path, ...Array.from({ length: 21 }, () => "d".repeat(190)));
    mkdirSync(deep, { recursive: true });
    execFileSync("mkdir", ["e".repeat(250)], { cwd: deep });
    writeFileSync(join(deep, "app.gp"), "WORKSPACE_DIR: /home/me/app\n");
    const { imported, skipped } = importProjects(createMemoryProjects(), deep);
    execFileSync("rm", ["-rf", join(directory.path, "d".repeat(190))]);
    expect(imported).toEqual(["app"]);
    expect(skipped).toEqual([
      { file: join(deep, "e".repeat(250)), reason: expect.stringContaining("cannot be read") as string },
    ]);
  });

  test("of what is no directory says so", () => {
    expect(thrown(() => importProjects(createMemoryProjects(), "/nonexistent"))?.code).toBe("not_a_directory");
  });
});
