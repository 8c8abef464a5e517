import { join } from "node:path";
import type {
  ChangeStore,
  Clock,
  GrantStore,
  LeaseStore,
  Log,
  RepositoryPolicyStore,
  Store,
  TaskStore,
} from "@ws/workspace-core";
import { auditTaskEnds } from "../audit/task-ends.ts";
import type { Redactor } from "../log/redact.ts";
import { createLeaseStore } from "../leases/lease-store.ts";
import { createChangeStore } from "../projects/change-store.ts";
import { createUsageHistoryStore, type UsageHistoryStore } from "../usage-history/usage-history-store.ts";
import { createAudit, type Audit } from "./audit.ts";
import { createCodes, type Codes } from "./codes.ts";
import { checkIntegrity, openDatabase } from "./database.ts";
import { keepWritable } from "./keep-writable.ts";
import { createGrantStore } from "./grants.ts";
import { createMeta, type Meta } from "./meta.ts";
import { createSubscriptions, type Subscriptions } from "../notifications/subscriptions.ts";
import { createRepositoryPolicies } from "./repository-policies.ts";
import type { Reserve } from "./reserve.ts";
import type { Seal } from "./seal.ts";
import { createTailnetNodes, type TailnetNodes } from "./tailnet-nodes.ts";
import { createSshKeys, type SshKeys } from "./ssh-keys.ts";
import { createTaskStore } from "./tasks.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import { createUsageStore, type UsageStore } from "./usage.ts";
import { createWorkerStore, type WorkerStore } from "./workers.ts";
import { createWorkspaceStore } from "./workspace-store.ts";

/** Everything the agent remembers, in one SQLite file. */
export interface State extends Disposable {
  workspaces: Store;
  grants: GrantStore;
  changes: ChangeStore;
  leases: LeaseStore;
  policies: RepositoryPolicyStore;
  tasks: TaskStore;
  usage: UsageStore;
  workers: WorkerStore;
  tokens: Tokens;
  tailnetNodes: TailnetNodes;
  sshKeys: SshKeys;
  codes: Codes;
  subscriptions: Subscriptions;
  usageHistory: UsageHistoryStore;
  audit: Audit;
  meta: Meta;
  /** What is wrong with the file; empty where it is sound. */
  problems(): string[];
}

/** Throws `state_newer`, `state_corrupt`. */
export function openState(
  configDir: string,
  ports: { clock: Clock; log: Log; redactor: Redactor; reserve: Reserve; seal: Seal },
): State {
  const { clock, log, redactor, reserve, seal } = ports;
  const db = openDatabase(join(configDir, "state.db"), log);
  const insist = keepWritable(db, { reserve, log });
  const workspaces = createWorkspaceStore(db, { redactor, log, insist, seal });
  const tokens = createTokens(db, clock, insist);
  const audit = createAudit(db, { clock, redactor, log });
  const over = auditTaskEnds({ audit, workspaces, redactor });
  return {
    workspaces,
    grants: createGrantStore(db, insist),
    changes: createChangeStore(db),
    leases: createLeaseStore(db, insist),
    policies: createRepositoryPolicies(db),
    tasks: createTaskStore(db, { redactor, insist, seal, over }),
    usage: createUsageStore(db, clock),
    workers: createWorkerStore(db, insist),
    tailnetNodes: createTailnetNodes(db, clock, insist),
    tokens,
    sshKeys: createSshKeys(db, { tokens, insist }),
    codes: createCodes(db, clock, insist),
    subscriptions: createSubscriptions(db, { tokens, insist }),
    usageHistory: createUsageHistoryStore(db),
    audit,
    meta: createMeta(db, insist),
    problems: () => checkIntegrity(db, "full"),
    [Symbol.dispose]() {
      db.close();
    },
  };
}
