import type { KeyObject } from "node:crypto";
import type { Refs } from "./refs.ts";

export interface Account {
  id: number;
  login: string;
  type: "User" | "Organization" | "Bot";
}

export interface Team {
  id: number;
  organization: string;
  slug: string;
}

export interface App {
  id: number;
  clientId: string;
  slug: string;
  owner: Account;
  publicKey: KeyObject;
  permissions: Record<string, string>;
}

export interface Installation {
  id: number;
  app: App;
  account: Account;
  /** Names of repositories; absent for all of the account's. */
  selected?: readonly string[];
  suspended?: boolean;
}

/** Whom a token stands for. */
export type Caller =
  | { kind: "user"; account: Account }
  | {
      kind: "installation";
      installation: Installation;
      repositories?: readonly number[];
      permissions: Record<string, string>;
    };

export interface Token {
  caller: Caller;
  /** Milliseconds since the epoch. */
  expiresAt?: number;
}

export interface Review {
  id: number;
  author: Account;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "PENDING";
  body: string;
  submittedAt: string;
}

export interface Remark {
  id: number;
  author: Account;
  body: string;
  createdAt: string;
  /** Of one on a line. */
  path?: string;
  line?: number;
}

export interface PullRequest {
  id: number;
  number: number;
  author: Account;
  title: string;
  body: string;
  head: string;
  headSha: string;
  /** The login of the fork's owner, for one that comes from a fork. */
  fork?: Account;
  base: string;
  draft: boolean;
  state: "open" | "closed";
  createdAt: string;
  updatedAt: string;
  closedAt?: string;
  mergedAt?: string;
  mergeSha?: string;
  labels: string[];
  people: Account[];
  teams: Team[];
  reviews: Review[];
  lineRemarks: Remark[];
  remarks: Remark[];
}

export interface Check {
  id: number;
  kind: "run" | "status";
  sha: string;
  name: string;
  state: "success" | "failure" | "pending" | "neutral";
  at: string;
}

export interface Repository {
  id: number;
  owner: Account;
  name: string;
  description: string;
  private: boolean;
  defaultBranch: string;
  drafts: boolean;
  /** Logins of people who can be asked for a review. */
  collaborators: string[];
  teams: string[];
  createdAt: string;
  updatedAt: string;
  refs: Refs;
  labels: Map<string, number>;
  pulls: PullRequest[];
  checks: Check[];
  /** Where it was before; requests there are redirected. */
  formerNames: string[];
}

export interface State {
  apps: App[];
  installations: Installation[];
  tokens: Map<string, Token>;
  repositories: Repository[];
  nextId(): number;
  /** An instant that no two things share, as the API prints it: to the second. */
  instant(): string;
  account(login: string, type?: Account["type"]): Account;
  team(organization: string, slug: string): Team;
}

export function createState(): State {
  let ids = 1_000;
  // Whole seconds are all that the API tells of time, and what happens in one test happens within one.
  let seconds = Math.floor(Date.now() / 1_000) - 100_000;
  const accounts = new Map<string, Account>();
  const teams: Team[] = [];
  return {
    apps: [],
    installations: [],
    tokens: new Map(),
    repositories: [],
    nextId: () => ++ids,
    instant: () => printed(++seconds * 1_000),
    account(login, type = "User") {
      const known = accounts.get(login.toLowerCase());
      if (known !== undefined) return known;
      const made = { id: ++ids, login, type };
      accounts.set(login.toLowerCase(), made);
      return made;
    },
    team(organization, slug) {
      const known = teams.find((team) => team.organization === organization && team.slug === slug);
      if (known !== undefined) return known;
      const made = { id: ++ids, organization, slug };
      teams.push(made);
      return made;
    },
  };
}

export function printed(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
