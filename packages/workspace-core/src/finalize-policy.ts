import type { Engine } from "./engine.ts";
import { environmentOf } from "./process-environment.ts";
import { requireSound, type FinalizeRequest } from "./finalize-request.ts";
import { gitBehindPolicy } from "./git-behind-policy.ts";
import type { GitWork } from "./git-work.ts";
import type { Policy } from "./policy/policy.ts";
import { forgeRepositoryOf, requireTitled } from "./pull-request.ts";
import type { WorkspaceId } from "./workspace.ts";

const GROUP = "git";

/** What the rules refuse of a finalize is refused before any of it is done, and so is what makes no sense. */
export async function requireFinalizable(
  engine: Engine,
  id: WorkspaceId,
  request: FinalizeRequest,
  { policy, signal }: { policy: Policy; signal: AbortSignal },
): Promise<void> {
  requireSound(request);
  await requireAllowed(engine, id, request, { policy, signal });
  const record = engine.records.byId(id);
  const branch = record.repository?.branch;
  await requireTitled(() => forgeRepositoryOf(engine, record), { pullRequest: request.pullRequest, branch }, signal);
}

async function requireAllowed(
  engine: Engine,
  id: WorkspaceId,
  request: FinalizeRequest,
  { policy, signal }: { policy: Policy; signal: AbortSignal },
): Promise<void> {
  if (!demandFinalize(policy, request)) return;
  const record = engine.records.byId(id);
  const { repository } = record;
  // The finalize itself says what is missing.
  if (repository === undefined) return;
  const box = await engine.boxes.open(record);
  const env = await environmentOf(engine, record, box);
  const work = engine.git.work(box, repository, { env, group: GROUP, signal });
  await demandWork(policy, request, { work, branch: repository.branch });
}

type Asked = Pick<FinalizeRequest, "uncommitted" | "commitMessage" | "push">;

/** Throws what can be refused without a look at the work; tells whether there is more to be judged. */
export function demandFinalize(policy: Policy, { uncommitted, push }: Asked): boolean {
  const commits = uncommitted === "commit";
  // What is sensitive is kept out of a commit of everything also where nobody set rules.
  if (policy.layers.length === 0 && !commits) return false;
  if (commits) policy.demand({ act: "commit" });
  if (push === true) policy.demand({ act: "push" });
  return commits || push === true;
}

/** Throws what is refused of a commit of everything there, and of the push of its branch; nothing of either is done. */
export async function demandWork(
  policy: Policy,
  { uncommitted, commitMessage = "", push }: Asked,
  { work, branch }: { work: GitWork; branch: string | undefined },
): Promise<void> {
  const asked = gitBehindPolicy({ ...work, commit: async () => NO_COMMIT, push: async () => NO_PUSH }, policy);
  const commits = uncommitted === "commit" && (await work.status({ limit: 1 })).total > 0;
  if (commits) await asked.commit({ message: commitMessage, all: true });
  if (push === true) await asked.push(branch === undefined ? {} : { branch });
}

const NOBODY = { name: "", email: "", date: "" };
const NO_COMMIT = { hash: "", parents: [], author: NOBODY, committer: NOBODY, subject: "", body: "", refs: [] };
const NO_PUSH = { branch: "", commit: "" };
