export { contract, type Contract } from "./contract.ts";
export {
  credentialInfo,
  credentialSelection,
  grantInfo,
  loginProgress,
  type CredentialInfo,
  type CredentialInput,
  type CredentialPreset,
  type CredentialTest,
  type GrantInfo,
} from "./credentials.ts";
export { deviceInfo, type DeviceInfo } from "./devices.ts";
export { errorData, procedure, wireErrors, type WireCode, type WireErrorData } from "./errors.ts";
export type { NotificationKind } from "./notifications.ts";
export { pairingEvent, type DeviceInput, type PairingEvent, type PairingWorker } from "./pairing.ts";
export { mcpServer, type McpServer } from "./mcp-servers.ts";
export {
  egressInfo,
  egressPreset,
  egressRefusal,
  type EgressInfo,
  type EgressPreset,
  type EgressRefusal,
} from "./egress.ts";
export { sshInfo, type SshInfo } from "./ssh.ts";
export { workspacePort, type WorkspacePort } from "./ports.ts";
export { executionInfo, type ExecutionInfo } from "./executions.ts";
export {
  cleanupResult,
  finalizeInput,
  finalizeResult,
  type CleanupResult,
  type FinalizeInput,
  type FinalizeResult,
} from "./finalize.ts";
export type { ScriptEvent } from "./run-scripts.ts";
export type { UsageHistoryResult, UsagePoint } from "./usage-history.ts";
export {
  modelPrice,
  usageBudget,
  usageSummary,
  type CostSource,
  type ModelPrice,
  type UsageBudget,
  type UsageBy,
  type UsageEntry,
  type UsagePrices,
  type UsageRow,
  type UsageSum,
  type UsageSummary,
} from "./token-usage.ts";
export { workspaceUsage, type UsageEvent, type WorkspaceUsage } from "./usage.ts";
export {
  createInput,
  execResult,
  startInput,
  updateInput,
  type CreateInput,
  type StartInput,
  type UpdateInput,
  type UpdateResult,
} from "./workspaces.ts";
export {
  execution,
  pullRequest,
  startupStep,
  workspaceEvent,
  workspaceInfo,
  type PullRequest,
  type PullRequestNow,
  type SeenChecks,
  type WorkspaceEvent,
  type WorkspaceInfo,
} from "./workspace-info.ts";
export {
  fetchSettings,
  handler,
  packetEvent,
  publishSettings,
  type FetchSettings,
  type Handler,
  type Packet,
  type PacketEvent,
  type PublishSettings,
} from "./handlers.ts";
export {
  taskEvent,
  taskInfo,
  taskOutput,
  taskStatus,
  type TaskEvent,
  type TaskInfo,
  type TaskOutput,
  type TaskStatus,
  type TaskTool,
} from "./task-info.ts";
export {
  actionContext,
  taskAction,
  leasedTaskInput,
  taskInput,
  type ActionContext,
  type TaskAction,
  type LeasedTaskInput,
  type TaskInput,
} from "./task-input.ts";
export { terminalInfo, type TerminalInfo, type TerminalLink } from "./terminals.ts";
export {
  auditEntry,
  callerInfo,
  doctorCheck,
  infoResponse,
  tokenInfo,
  type AuditEntry,
  type CallerInfo,
  type DoctorCheck,
  type InfoResponse,
  type TokenInfo,
} from "./worker.ts";
export type { AttemptInfo, ComparisonInfo } from "./attempts.ts";
export { credentials, scripts, setting, type ScriptFile, type Setting, type SettingTakes } from "./config.ts";
export { providerInfo, resolvedReference, type ProviderInfo, type ResolvedReference } from "./providers.ts";
export { reachableRepository, type ReachableRepository } from "./forges.ts";
export {
  policyInfo,
  policyRules,
  repositoryPolicy,
  type PolicyInfo,
  type PolicyRules,
  type RepositoryPolicy,
} from "./policy.ts";
export {
  fileContent,
  fileChange,
  fileEntry,
  fileStat,
  grepMatch,
  patchedFile,
  type FileContent,
  type FileChange,
  type FileEntry,
  type FileStat,
  type GrepMatch,
  type PatchedFile,
} from "./files.ts";
export {
  gitBlob,
  gitBranch,
  gitCommit,
  gitDiff,
  gitLog,
  gitStash,
  gitStatus,
  type GitBlobResult,
  type GitBranchResult,
  type GitChangedFile,
  type GitCommitResult,
  type GitDiffFile,
  type GitDiffResult,
  type GitLogResult,
  type GitStashResult,
  type GitStatusResult,
} from "./git-results.ts";
export { workerEvent, workerInfo, type WorkerEvent, type WorkerInfo } from "./workers.ts";
export { leaseInfo, type LeaseInfo } from "./leases.ts";
export { change, project, type ChangeInfo, type ProjectInfo } from "./projects.ts";
