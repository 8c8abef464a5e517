import { expect, test } from "vitest";
import { createHarness } from "../testing/harness.ts";

const URL = "https://git.example.com/Acme/shop.git";

test("a workspace's rules are kept with it, under whatever name, and go back one by one", async () => {
  await using harness = createHarness();
  const { workspaces } = harness;
  await workspaces.create({ name: "demo" });
  workspaces.policies.change("demo", { set: { readOnly: true, allowedPaths: ["./src/"] } });
  await workspaces.rename("demo", "other");
  expect(workspaces.policies.of("other").layers).toEqual([
    { of: "workspace", name: "other", rules: { readOnly: true, allowedPaths: ["src"] } },
  ]);
  expect(harness.reborn().policies.of("other").decide({ act: "write", path: "src/a" })?.setBy).toBe("workspace other");
  expect(
    workspaces.policies.change("other", { unset: ["readOnly"] }).decide({ act: "write", path: "src/a" }),
  ).toBeUndefined();
  workspaces.policies.change("other", { unset: ["allowedPaths"] });
  expect(workspaces.get("other")).not.toHaveProperty("policy");
});

test("rules of a repository hold for its workspaces, by whatever spelling of its URL, and for no other", async () => {
  await using harness = createHarness();
  const { workspaces } = harness;
  await workspaces.create({ name: "shop", clone: URL });
  await workspaces.create({ name: "plain" });
  const { repository } = workspaces.policies.changeRepository("git@git.example.com:Acme/shop", {
    set: { push: false },
  });
  workspaces.policies.change("shop", { set: { push: true } });
  expect(workspaces.policies.of("shop").decide({ act: "push" })).toEqual({
    code: "push_disabled",
    rule: "push",
    setBy: `repository ${repository}`,
  });
  expect(workspaces.policies.of("plain").decide({ act: "push" })).toBeUndefined();
  expect(workspaces.policies.repositories()).toEqual([{ repository, rules: { push: false } }]);
  workspaces.policies.changeRepository(URL, { unset: ["push"] });
  expect(workspaces.policies.repositories()).toEqual([]);
});

test("what a refusal says to do next names the workspace, also where nobody set a rule", async () => {
  await using harness = createHarness();
  const { workspaces } = harness;
  await workspaces.create({ name: "demo" });
  const next = (path: string): string => {
    try {
      workspaces.policies.of("demo").demand({ act: "write", path });
      return "allowed";
    } catch (error) {
      return (error as { next?: string }).next ?? "";
    }
  };
  expect(next(".env")).toBe("It holds unless it is switched off: ws policy set demo sensitivePaths false.");
  expect(next(".git/HEAD")).toBe("Use git for it: ws git demo, or a terminal.");
});

test("a key that is no rule is refused, set or unset, and nothing of the change is kept", async () => {
  await using harness = createHarness();
  const { workspaces } = harness;
  await workspaces.create({ name: "demo" });
  const refused = expect.objectContaining({ code: "invalid_input", data: { field: "readonly" } }) as Error;
  expect(() => workspaces.policies.change("demo", { set: { push: false }, unset: ["readonly"] })).toThrow(refused);
  expect(() => workspaces.policies.change("demo", { set: { push: false, readonly: true } as object })).toThrow(refused);
  expect(workspaces.policies.of("demo").layers).toEqual([]);
  expect(() => workspaces.policies.of("nobody")).toThrow(
    expect.objectContaining({ code: "workspace_not_found" }) as Error,
  );
});
