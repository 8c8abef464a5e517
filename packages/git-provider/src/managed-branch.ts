import { excerpt, WsError } from "@ws/workspace-core";
import { isBranchName } from "./commands/branch-name.ts";

export const DEFAULT_BRANCH_PREFIX = "parallax";
const MAX_SLUG_LENGTH = 30;

export interface BranchConfig {
  /** The job that the branch belongs to: letters, digits, `.`, `_` and `-`, because branches are found again by it. */
  executionId: string;
  /** Who works on it, such as `engineer`. */
  role: string;
  /** What is done, in few words. */
  slug?: string;
  baseBranch: string;
}

export interface BranchNamingOptions {
  /** What all branches that we make begin with; `parallax` where absent. */
  prefix?: string;
  /** In characters; 30 where absent. */
  maxSlugLength?: number;
}

export interface BranchInfo {
  name: string;
  baseBranch: string;
  executionId: string;
  role: string;
  createdAt: Date;
}

/** A managed branch's name in its parts; `slug` is absent where it was made without one. */
export interface ManagedBranch {
  executionId: string;
  role: string;
  slug?: string;
}

/**
 * `PREFIX/EXECUTION/ROLE/SLUG`. Role and slug are made fit for a branch. Throws `invalid_input` where the execution's id or
 * the prefix cannot stand in a branch's name as they are.
 */
export function generateBranchName(
  { executionId, role, slug }: Omit<BranchConfig, "baseBranch">,
  options: BranchNamingOptions = {},
): string {
  const { prefix = DEFAULT_BRANCH_PREFIX, maxSlugLength = MAX_SLUG_LENGTH } = options;
  if (!isBranchName(prefix)) throw unfit("prefix", prefix, "Set a prefix such as 'parallax' or 'team/ws'.");
  const parts = [prefix, executionId, generateSlug(role, maxSlugLength)];
  if (slug !== undefined) parts.push(generateSlug(slug, maxSlugLength));
  const name = parts.join("/");
  if (!EXECUTION_ID.test(executionId) || !isBranchName(name)) {
    throw unfit("executionId", executionId, "Use letters, digits, '.', '_' and '-', and begin with a letter or digit.");
  }
  return name;
}

/** The parts of a name that `generateBranchName` made; undefined for any other branch. */
export function parseBranchName(name: string, options: BranchNamingOptions = {}): ManagedBranch | undefined {
  const { prefix = DEFAULT_BRANCH_PREFIX } = options;
  if (!name.startsWith(`${prefix}/`)) return undefined;
  const [executionId = "", role = "", slug, ...more] = name.slice(prefix.length + 1).split("/");
  if (more.length > 0 || !EXECUTION_ID.test(executionId) || role === "" || slug === "") return undefined;
  return { executionId, role, ...(slug !== undefined && { slug }) };
}

/** Whether a branch is one that we made: the others are people's. */
export function isManagedBranch(name: string, options?: BranchNamingOptions): boolean {
  return parseBranchName(name, options) !== undefined;
}

/** The branches of one execution, in their order. */
export function filterBranchesByExecution(
  names: readonly string[],
  executionId: string,
  options?: BranchNamingOptions,
): string[] {
  return names.filter((name) => parseBranchName(name, options)?.executionId === executionId);
}

/** A new branch's name with what it is made for. */
export function createBranchInfo(
  config: BranchConfig,
  options: BranchNamingOptions & { now?: () => number } = {},
): BranchInfo {
  const { executionId, role, baseBranch } = config;
  const { now = Date.now } = options;
  return { name: generateBranchName(config, options), baseBranch, executionId, role, createdAt: new Date(now()) };
}

/** Words as one part of a branch's name: `Fix the auth timeout!` is `fix-the-auth-timeout`. Never empty. */
export function generateSlug(text: string, maxLength: number = MAX_SLUG_LENGTH): string {
  const words = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const whole = words.filter((word) => word !== "").join("-");
  return whole.slice(0, maxLength).replace(/-$/, "") || "task";
}

const EXECUTION_ID = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.|$|lock$))*$/;

function unfit(field: string, value: string, next: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'${excerpt(value)}' cannot be part of a branch's name.`,
    next,
    data: { field },
  });
}
