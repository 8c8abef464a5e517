import { describe, expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import type { Lease, LeaseRequest, LeaseStore } from "../leases/lease.ts";

export interface LeaseStoreSubject extends AsyncDisposable {
  store: LeaseStore;
  /** The same content opened anew, as after a restart. Absent for a store that forgets. */
  reopen?: () => Promise<LeaseStore>;
}

/** What every LeaseStore has to do, whatever it is made of. */
export function leaseStoreSuite(title: string, make: () => Promise<LeaseStoreSubject>): void {
  let ids = 0;
  const request = (more: Partial<LeaseRequest> = {}): LeaseRequest => ({
    id: `lease-${++ids}`,
    project: "app",
    holder: "task-1",
    at: 5,
    nameOf: (number) => `app-${number}`,
    without: new Set(),
    ...more,
  });
  const taken = (lease: Lease | undefined): Lease => {
    if (lease === undefined) throw new Error("no lease");
    return lease;
  };
  const codeOf = (work: () => void): unknown => {
    try {
      work();
      return undefined;
    } catch (error) {
      return isWsError(error) ? error.code : error;
    }
  };

  describe(`${title} is a store of leases`, () => {
    test("gives the lowest free number from 1, never 0 and never one twice", async () => {
      await using subject = await make();
      const { store } = subject;
      const first = taken(store.acquire(request({ id: "lease-a" })));
      expect(first).toEqual({
        id: "lease-a",
        project: "app",
        number: 1,
        holder: "task-1",
        token: first.token,
        stage: "acquired",
        workspace: "app-1",
        createdAt: 5,
        updatedAt: 5,
      });
      const numbers = [1, 2, 3].map(() => store.acquire(request())?.number);
      expect(numbers).toEqual([2, 3, 4]);
      const second = store.list().find(({ number }) => number === 2);
      expect(store.release(taken(second).id, taken(second).token)).toBe(true);
      expect(store.acquire(request())?.number).toBe(2);
      expect(store.acquire(request({ project: "other" }))?.number).toBe(1);
    });

    test("leaves out what it is told to, and keeps to the limit of each project", async () => {
      await using subject = await make();
      const { store } = subject;
      expect(store.acquire(request({ without: new Set([1, 2, 4]) }))?.number).toBe(3);
      expect(store.acquire(request({ limit: 1 }))).toBeUndefined();
      expect(store.acquire(request({ limit: 2, without: new Set([1, 2, 4]) }))?.number).toBe(5);
      expect(store.acquire(request({ limit: 1, project: "other" }))?.number).toBe(1);
    });

    test("never gives one token twice, also after a release and for another project", async () => {
      await using subject = await make();
      const { store } = subject;
      const tokens: number[] = [];
      for (const project of ["app", "app", "other", "app"]) {
        const lease = taken(store.acquire(request({ project })));
        tokens.push(lease.token);
        store.release(lease.id, lease.token);
      }
      expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
      expect(new Set(tokens).size).toBe(tokens.length);
    });

    test("ends a lease once, and only for who has its token", async () => {
      await using subject = await make();
      const { store } = subject;
      const lease = taken(store.acquire(request()));
      expect(store.release(lease.id, lease.token + 1)).toBe(false);
      expect(store.release("lease-other", lease.token)).toBe(false);
      expect(store.release(lease.id, lease.token)).toBe(true);
      expect(store.release(lease.id, lease.token)).toBe(false);
      expect(store.get(lease.id)).toBeUndefined();
      expect(store.list()).toEqual([]);
    });

    test("knows what is over until its number is taken again", async () => {
      await using subject = await make();
      const { store } = subject;
      const lease = taken(store.acquire(request()));
      expect([store.wasReleased(lease.id), store.wasReleased("lease-none")]).toEqual([false, false]);
      store.release(lease.id, lease.token);
      expect(store.wasReleased(lease.id)).toBe(true);
      store.acquire(request());
      expect(store.wasReleased(lease.id)).toBe(false);
    });

    test("takes news of a live lease only", async () => {
      await using subject = await make();
      const { store } = subject;
      const lease = taken(store.acquire(request()));
      store.update({ ...lease, stage: "materialised", workspaceId: "ws-1", updatedAt: 7 });
      expect(store.get(lease.id)).toMatchObject({ stage: "materialised", workspaceId: "ws-1", updatedAt: 7 });
      expect(codeOf(() => store.update({ ...lease, token: lease.token + 1 }))).toBe("lease_failed");
      store.release(lease.id, lease.token);
      expect(codeOf(() => store.update(lease))).toBe("lease_failed");
      expect(store.get(lease.id)).toBeUndefined();
    });

    test("remembers which workspace a number had last", async () => {
      await using subject = await make();
      const { store } = subject;
      const lease = taken(store.acquire(request()));
      expect(store.lastWorkspace("app", 1)).toBeUndefined();
      store.update({ ...lease, workspaceId: "ws-1" });
      store.release(lease.id, lease.token);
      expect(store.lastWorkspace("app", 1)).toBe("ws-1");
      const next = taken(store.acquire(request()));
      expect(store.lastWorkspace("app", 1)).toBe("ws-1");
      expect(next).not.toHaveProperty("workspaceId");
      store.update({ ...next, workspaceId: "ws-2" });
      expect(store.lastWorkspace("app", 1)).toBe("ws-2");
      expect(store.lastWorkspace("other", 1)).toBeUndefined();
    });

    test("still has everything after a restart, and goes on counting", async () => {
      await using subject = await make();
      const lease = taken(subject.store.acquire(request()));
      subject.store.update({ ...lease, stage: "handed_over", workspaceId: "ws-1", holder: "task-9" });
      const again = (await subject.reopen?.()) ?? subject.store;
      expect(again.get(lease.id)).toEqual({ ...lease, stage: "handed_over", workspaceId: "ws-1", holder: "task-9" });
      const next = taken(again.acquire(request()));
      expect([next.number, next.token > lease.token]).toEqual([2, true]);
    });
  });
}
