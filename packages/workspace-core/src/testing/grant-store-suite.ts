import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Grant, GrantStore } from "../credentials.ts";
import { isWsError, type ErrorCode } from "../errors.ts";

export interface GrantStoreSubject extends AsyncDisposable {
  grants: GrantStore;
  /** The same content opened anew, as after a restart. Absent for a store that forgets. */
  reopen?: () => Promise<GrantStore>;
}

/** What every GrantStore has to do, whatever it is made of. */
export function grantStoreSuite(title: string, make: () => Promise<GrantStoreSubject>): void {
  describe(`${title} is a store of grants`, () => {
    let subject: GrantStoreSubject;
    let grants: GrantStore;

    beforeEach(async () => {
      subject = await make();
      grants = subject.grants;
    });
    afterEach(() => subject[Symbol.asyncDispose]());

    test("gives back what was inserted, with every field", () => {
      const grant = newGrant("grant-a", { execution: "exec-1", renewsMs: 60_000, lastUsedAt: 5, branches: ["a", "b"] });
      grants.insert(grant);
      expect(grants.get("grant-a")).toEqual(grant);
      expect(grants.list()).toEqual([grant]);
      expect(grants.get("grant-b")).toBeUndefined();
    });

    test("takes an id only once", () => {
      grants.insert(newGrant("grant-a"));
      expect(() => grants.insert(newGrant("grant-a"))).toThrow();
      expect(grants.list()).toHaveLength(1);
    });

    test("lists by workspace and by execution, oldest first, ended ones too", () => {
      const first = newGrant("grant-z", { createdAt: 1, execution: "exec-1" });
      const second = newGrant("grant-y", { createdAt: 2, execution: "exec-1", workspace: "ws-other" });
      const third = newGrant("grant-x", { createdAt: 3, revokedAt: 4 });
      for (const grant of [third, first, second]) grants.insert(grant);
      expect(grants.list()).toEqual([first, second, third]);
      expect(grants.list({ workspace: "ws-a" })).toEqual([first, third]);
      expect(grants.list({ execution: "exec-1" })).toEqual([first, second]);
      expect(grants.list({ workspace: "ws-none" })).toEqual([]);
    });

    test("replaces a grant, and refuses to replace one that it does not have", () => {
      grants.insert(newGrant("grant-a", { execution: "exec-1" }));
      const changed = newGrant("grant-a", { branches: ["other"], revokedAt: 7, workspace: "ws-other" });
      grants.update(changed);
      expect(grants.get("grant-a")).toEqual(changed);
      expect(grants.list({ workspace: "ws-a" })).toEqual([]);
      expect(grants.list({ execution: "exec-1" })).toEqual([]);
      expect(codeOf(() => grants.update(newGrant("grant-b")))).toBe("credential_not_found");
    });

    test("keeps its own copy, which nobody can change", () => {
      const branches = ["a"];
      grants.insert(newGrant("grant-a", { branches }));
      branches.push("b");
      expect(grants.get("grant-a")?.branches).toEqual(["a"]);
      const kept = (grants.get("grant-a")?.branches ?? []) as string[];
      expect(() => kept.push("b")).toThrow(TypeError);
    });

    test("forgets those that were revoked or expired before an instant, and none that is renewed", () => {
      const kept = [
        newGrant("grant-live", { expiresAt: 500 }),
        newGrant("grant-renewed", { expiresAt: 50, renewsMs: 10 }),
        newGrant("grant-late", { expiresAt: 50, revokedAt: 150 }),
      ];
      const gone = [
        newGrant("grant-expired", { expiresAt: 99 }),
        newGrant("grant-revoked", { expiresAt: 500, revokedAt: 99, renewsMs: 10 }),
      ];
      for (const grant of [...kept, ...gone]) grants.insert(grant);
      grants.forget(100);
      expect(new Set(grants.list().map(({ id }) => id))).toEqual(new Set(kept.map(({ id }) => id)));
    });

    test("still has everything after a restart", async () => {
      const grant = newGrant("grant-a", { execution: "exec-1" });
      grants.insert(grant);
      const again = (await subject.reopen?.()) ?? grants;
      expect(again.list({ workspace: "ws-a" })).toEqual([grant]);
      expect(again.get("grant-a")).toEqual(grant);
    });
  });
}

/** A grant for tests, of the workspace `ws-a` to one repository. */
export function newGrant(id: string, changes: Partial<Grant> = {}): Grant {
  return {
    id,
    workspace: "ws-a",
    url: "https://host.test/org/repo.git",
    access: "write",
    branches: ["parallax/ws-a/person/demo"],
    force: false,
    tags: false,
    workflows: false,
    credential: { id: "token", type: "pat", provider: "host.test", host: "host.test" },
    createdAt: 1,
    expiresAt: 3_600_001,
    ...changes,
  };
}

function codeOf(work: () => void): ErrorCode | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return isWsError(error) ? error.code : undefined;
  }
}
