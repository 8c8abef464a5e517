import type { WorkspaceId } from "../workspace.ts";

/**
 * How far a lease is: its number is taken, its workspace is there, it is ready for its holder, its holder has it, it is being
 * given back.
 */
export type LeaseStage = "acquired" | "materialised" | "prepared" | "handed_over" | "releasing";

/** The right of one holder to one numbered workspace of a project. */
export interface Lease {
  /** `lease-` and random letters. */
  id: string;
  project: string;
  /** From 1; number 0 is the project's own workspace, which is never handed out. */
  number: number;
  /** Who has it, such as a task's id. */
  holder: string;
  /** Grows with each lease, so that one whose time is over is told from its successor. */
  token: number;
  stage: LeaseStage;
  /** The workspace's name. */
  workspace: string;
  /** Known once it is there. */
  workspaceId?: WorkspaceId;
  /** Milliseconds since the epoch. */
  createdAt: number;
  updatedAt: number;
}

export interface LeaseRequest {
  id: string;
  project: string;
  holder: string;
  at: number;
  /** The name of the workspace with this number. */
  nameOf: (number: number) => string;
  /** Most leases of the project at once. */
  limit?: number;
  /** Numbers that are not to be taken. */
  without: ReadonlySet<number>;
}

/**
 * Where leases are kept. Synchronous, because taking a number and seeing that it is free must be one step; a call that
 * returned is on disk.
 */
export interface LeaseStore {
  /** Takes the lowest free number from 1, with a token that none had before; undefined where the project has as many leases as it may. */
  acquire(request: LeaseRequest): Lease | undefined;
  /** Replaces the live lease with this id and token. Throws `lease_failed` with the stage `recovery` where it is over. */
  update(lease: Lease): void;
  /** True for the one call that ended it. */
  release(id: string, token: number): boolean;
  get(id: string): Lease | undefined;
  /** Whether a lease with this id is over; forgotten once its number is taken again. */
  wasReleased(id: string): boolean;
  /** Live ones, by project and number. */
  list(project?: string): Lease[];
  /** The workspace that the last lease of a number had, also after its end. */
  lastWorkspace(project: string, number: number): WorkspaceId | undefined;
}
