import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { containerNames, homeVolume, nameOfContainer, shortInstance, workspaceLabels, workspaceOf } from "./labels.ts";

const names = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
const ids = fc.stringMatching(/^[a-z0-9]{4,12}$/).map((text): `ws-${string}` => `ws-${text}`);

describe("labels and names", () => {
  test("a workspace's name is read back from either name of its container", () => {
    fc.assert(
      fc.property(ids, names, (id, name) => {
        for (const container of containerNames(id, name)) {
          expect(container).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/);
          expect(nameOfContainer(`/${container}`)).toBe(name);
        }
      }),
    );
  });

  test("the second name of one workspace is never the first of another", () => {
    fc.assert(
      fc.property(ids, names, ids, names, (id, name, otherId, otherName) => {
        expect(containerNames(id, name)[1]).not.toBe(containerNames(otherId, otherName)[0]);
      }),
    );
  });

  test("the home's name has the id, so that a new workspace of an old name has a new home", () => {
    expect(homeVolume("ws-1")).toBe("workspace-ws-1-home");
  });

  test("another instance's labels, and none, are nobody's", () => {
    const labels = workspaceLabels("mine", "ws-1", "person");
    expect(workspaceOf(labels, "mine")).toBe("ws-1");
    expect(workspaceOf(labels, "theirs")).toBeUndefined();
    expect(workspaceOf(null, "mine")).toBeUndefined();
    expect(workspaceOf({ "ws.instance": "mine" }, "mine")).toBeUndefined();
    expect(workspaceOf({ "ws.instance": "mine", "ws.workspace": "other" }, "mine")).toBeUndefined();
  });

  test("an interface's name with the short instance fits the kernel's fifteen characters", () => {
    fc.assert(
      fc.property(fc.string(), (instance) => {
        expect(`ws-${shortInstance(instance)}`.length).toBeLessThanOrEqual(15);
      }),
    );
  });
});
