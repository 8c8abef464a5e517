import { expect } from "vitest";
import { isWsError, type ErrorCode, type WsError } from "../../errors.ts";
import type { AskSecret, Checks, Forge, ForgeRepository, ReviewComment } from "../../forge.ts";
import type { ForgeFault, HeldPullRequest } from "../fake-forge/held.ts";
import type { ManualClock } from "../manual-clock.ts";

/** A forge and the hands to change what is there, as other people and programs would. */
export interface ForgeSubject extends AsyncDisposable {
  readonly forge: Forge;
  /** The one that the forge waits by. */
  readonly clock: ManualClock;
  /** Gives a secret that may do everything. */
  readonly secret: AskSecret;
  /** Who pull requests made with that secret are by. */
  readonly login: string;
  /** Makes a repository with one commit on `main` that this secret reaches. */
  repository(needs?: RepositoryNeeds): Promise<ServedForgeRepository>;
  fault(fault: ForgeFault): void;
}

export interface RepositoryNeeds {
  /** `owner/name`; a fresh one where absent. */
  fullName?: string;
  private?: boolean;
  description?: string;
  /** Whether it takes drafts; it does where absent. */
  drafts?: boolean;
  /** Who can be asked for a review. */
  people?: readonly string[];
  teams?: readonly string[];
}

export interface ServedForgeRepository {
  readonly fullName: string;
  readonly url: string;
  /** Makes a branch with a commit that `main` lacks; with `conflicts` one that cannot be merged. */
  push(branch: string, options?: { conflicts?: boolean }): Promise<void>;
  /** Makes a branch that is where `main` is. */
  branch(name: string): Promise<void>;
  /** Opens a pull request from a fork's branch of this name. */
  openFromFork(branch: string): Promise<void>;
  say(number: number, comment: Omit<ReviewComment, "createdAt" | "url">): Promise<void>;
  check(branch: string, check: { name: string; state: Checks["checks"][number]["state"] }): Promise<void>;
  /** As the forge has them, whatever the port says. */
  pullRequests(): Promise<
    Pick<HeldPullRequest, "number" | "title" | "body" | "labels" | "people" | "teams" | "draft">[]
  >;
}

export interface ForgeUnderTest extends ForgeSubject {
  open(served: ServedForgeRepository): ForgeRepository;
}

/** What a pull request is asked for with, less what a test is about. */
export const newPullRequest = (sourceBranch: string, rest: object = {}) => ({
  title: "feat: a title",
  body: "A body.",
  sourceBranch,
  targetBranch: "main",
  draft: false,
  ...rest,
});

/** Lets the clock run while the work goes on. */
export async function passing<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let settled = false;
  const done = work.finally(() => (settled = true));
  done.catch(() => undefined);
  while (!settled) {
    clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return done;
}

/** The domain error that the work ends with. */
export async function expectRefusal<C extends ErrorCode>(work: Promise<unknown>, code: C): Promise<WsError<C>> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: "WsError", code });
  if (!isWsError(error, code)) throw new Error(`not refused with ${code}`);
  return error;
}
