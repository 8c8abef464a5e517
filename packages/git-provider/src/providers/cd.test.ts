import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isWsError, type ProviderContext } from "@ws/workspace-core";
import { providerSuite } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { createCdProvider } from "./cd.ts";

async function makePlace() {
  const path = await realpath(await mkdtemp(join(tmpdir(), "ws-cd-")));
  await mkdir(join(path, "home", "project"), { recursive: true });
  await mkdir(join(path, "sibling"));
  await mkdir(join(path, "with space"));
  await writeFile(join(path, "file"), "");
  await symlink(join(path, "sibling"), join(path, "link"));
  const context: ProviderContext = { cwd: join(path, "home"), mayUseHost: true, mayCreate: true };
  return {
    path,
    context,
    provider: createCdProvider({ home: join(path, "home") }),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}

providerSuite("#cd", async () => ({ ...(await makePlace()), ref: "project", missing: "nothing-there" }));

async function codeOf(answer: unknown): Promise<string | undefined> {
  try {
    await answer;
    return undefined;
  } catch (error) {
    return isWsError(error) ? error.code : String(error);
  }
}

describe("#cd leads to a directory of the worker", () => {
  test.each([
    [".", "home"],
    ["..", ""],
    ["~", "home"],
    ["~/project", "home/project"],
    ["../sibling", "sibling"],
    ["../with space", "with space"],
    ["../link", "sibling"],
    ["./project/../project/", "home/project"],
  ])("%j from the caller's own directory", async (ref, expected) => {
    await using place = await makePlace();
    const resolved = await place.provider.resolveRef(ref, "cd", place.context);
    expect(resolved?.primaryWorkspaceDir).toBe(join(place.path, expected));
    expect(resolved).toMatchObject({ allocates: false });
    expect(resolved).not.toHaveProperty("cloneUrl");
  });

  test("which is any absolute one, without a directory to start from", async () => {
    await using place = await makePlace();
    const { cwd: _cwd, ...elsewhere } = place.context;
    const ref = join(place.path, "sibling");
    expect((await place.provider.resolveRef(ref, "cd", elsewhere))?.primaryWorkspaceDir).toBe(ref);
    expect(await codeOf(place.provider.resolveRef("sibling", "cd", elsewhere))).toBe("reference_invalid");
  });

  test.each([
    ["nothing", "reference_not_found"],
    ["../file", "not_a_directory"],
    ["../file/x", "reference_not_found"],
    ["~root", "reference_invalid"],
    ["a\0b", "reference_invalid"],
  ])("and %j is refused with %s", async (ref, code) => {
    await using place = await makePlace();
    expect(await codeOf(place.provider.resolveRef(ref, "cd", place.context))).toBe(code);
  });

  test("for nobody but the worker's own user and administrators, also where there is nothing: existence is not told", async () => {
    await using place = await makePlace();
    for (const ref of ["~", "/etc", "nothing"]) {
      const answer = place.provider.resolveRef(ref, "cd", { ...place.context, mayUseHost: false });
      expect(await codeOf(answer)).toBe("forbidden");
    }
  });

  test("nothing is submitted or reviewed there", async () => {
    const provider = createCdProvider({ home: "/root" });
    const project = { name: "a", workflowType: "cd", workspaceDir: "/a" };
    const change = {
      name: "x",
      project: "a",
      branch: "x",
      description: "",
      state: "draft" as const,
      createdAt: 1,
      updatedAt: 1,
    };
    for (const hook of ["submit", "prepareMail"] as const) {
      expect(await codeOf((async () => provider[hook]({ change, project }, {} as never))())).toBe("no_version_control");
    }
  });
});
