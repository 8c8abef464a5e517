import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { GrantStore, Store } from "@ws/workspace-core";
import { makePrivateDirectory } from "./durable-file.ts";
import { createFileGrantStore } from "./file-grants.ts";
import { openFileMap, type FileMap } from "./file-map.ts";
import { createFileStore } from "./file-store.ts";
import { lockDirectory } from "./lock.ts";
import type { Extra } from "./extra.ts";
import { createReserve } from "./reserve.ts";
import type { UserToken } from "./user-token.ts";
import type { WorktreeRecord } from "./worktree-record.ts";

/** All that is kept between two processes. */
export interface State extends Disposable {
  /** Whose places these are. */
  readonly instance: string;
  readonly store: Store;
  readonly grants: GrantStore;
  readonly extras: FileMap<Extra>;
  readonly worktrees: FileMap<WorktreeRecord>;
  /** Secrets, each removed with the workspace that it was given for. */
  readonly tokens: FileMap<UserToken>;
}

/** Opens the state in a directory, which is made where it is not there. Throws `state_locked`, `state_corrupt`. */
export function openState(directory: string): State {
  makePrivateDirectory(directory);
  using opening = new DisposableStack();
  const reserve = createReserve(join(directory, "reserve"));
  opening.use(reserve.insist(() => lockDirectory(directory)));
  reserve.refill();
  const about = openFileMap<{ instance: string }>(join(directory, "about"));
  const { instance } = about.get("worker") ?? { instance: randomBytes(8).toString("hex") };
  if (about.get("worker") === undefined) about.set("worker", { instance });
  const state = {
    instance,
    store: createFileStore(directory, reserve),
    grants: createFileGrantStore(join(directory, "grants"), reserve.insist),
    extras: openFileMap<Extra>(join(directory, "extras")),
    worktrees: openFileMap<WorktreeRecord>(join(directory, "worktrees")),
    tokens: openFileMap<UserToken>(join(directory, "tokens")),
  };
  const opened = opening.move();
  return { ...state, [Symbol.dispose]: () => opened.dispose() };
}
