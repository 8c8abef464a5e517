import { expect, test } from "vitest";
import { EXIT } from "../errors.ts";
import { startLocalAgent } from "../testing/local-agent.ts";

test("a reference, its project and a change are worked with from the command line", async () => {
  await using agent = await startLocalAgent();
  const ws = (...argv: string[]) => agent.ws(argv);
  const providers = await ws("provider", "list");
  expect(providers.out).toMatch(/^NAME +REFERENCES +TITLE +STATE +FROM\ngit +#git: +Git \(bare\) +in use +built-in\n/);
  expect((await ws("ref", "resolve", "#git:tool", "--peek")).code).toBe(EXIT.notFound);
  expect((await ws("ref", "resolve", "#git:tool")).out).toMatch(
    /^type +git\nproject +tool\nclones +https:\/\/git\.ws\.internal\/tool\.git\n/,
  );
  expect((await ws("ref", "resolve", "#git:tool")).err).toBe("");
  const mistyped = await ws("ref", "resolve", "#git:tol");
  expect(mistyped.err).toContain("'#git:tol' is new");
  expect(mistyped.err).toContain("a project 'tool', too");
  expect((await ws("project", "remove", "tol", "--yes")).code).toBe(EXIT.ok);
  expect((await ws("ref", "resolve", "#git:new.git")).code).toBe(EXIT.notFound);
  expect(JSON.parse((await ws("ref", "resolve", "#cd(.)", "--json")).out)).toMatchObject({ workflowType: "cd" });
  expect(await ws("ref", "resolve", "#gti:tool")).toMatchObject({ code: EXIT.notFound, out: "" });

  expect((await ws("repo", "list")).err).toContain("ws login github");

  expect((await ws("project", "add", "app", "https://github.com/org/app")).out).toBe(
    "app  #gh  https://github.com/org/app\n",
  );
  expect((await ws("project", "list")).out).toMatch(
    /^NAME +TYPE +REPOSITORY +BRANCH\napp +#gh +https:\S+ +-\ntool +#git +\S+tool\.git +main\n$/,
  );
  expect((await ws("project", "init", "tool")).code).toBe(EXIT.ok);
  expect((await ws("project", "add", "app", "https://github.com/org/x")).code).toBe(EXIT.conflict);

  expect((await ws("change", "set", "fix", "--project", "tool", "--branch", "main")).out).toBe("fix  draft  main\n");
  for (const action of ["submit", "review"]) {
    const refused = await ws("change", action, "#cd:.");
    expect([refused.code, refused.out]).toEqual([EXIT.failed, ""]);
    expect(refused.err).toContain(`There is nothing to ${action} in`);
    expect(refused.err).toContain("no_version_control");
    expect((await ws("change", action, "#git:tool")).err).toContain("ws change list --project tool");
  }
  expect((await ws("change", "submit", "#git:fix")).out).toBe("fix  submitted  main\n");
  expect((await ws("change", "submit", "fix")).out).toBe("fix  submitted  main\n");
  expect((await ws("change", "list", "--project", "tool")).out).toContain("submitted");
  expect((await ws("project", "remove", "tool")).err).toContain("its change would be forgotten");
  expect((await ws("project", "remove", "tool", "--yes")).out).toBe("tool  removed\n");
  expect((await ws("change", "list")).out).toBe("");
});
