export { nearest } from "./nearest.ts";
export { noVersionControl } from "./provider-failures.ts";
export { abortedError, orAborted, throwIfAborted } from "./aborted.ts";
export { confinedFault, isConfinedFault, type ConfinedFault } from "./confined-faults.ts";
export { confinedNames } from "./confined-path.ts";
export { noConfinedFiles } from "./no-confined-files.ts";
export { runPerl } from "./run-perl.ts";
export { watchDirectory } from "./watching/watch-directory.ts";
export { createCoalescingFeed } from "./coalescing-feed.ts";
export { createByteQueue, type ByteQueue } from "./byte-queue.ts";
export { needsToken, tokenOf } from "./credentials.ts";
export type {
  Access,
  CredentialSource,
  CredentialSummary,
  CredentialType,
  GitSecret,
  Grant,
  GrantRequest,
  GrantStore,
  SecretPurpose,
  SshKeySecret,
  TokenSecret,
} from "./credentials.ts";
export { NO_CREDENTIALS } from "./no-credentials.ts";
export type { Cleanup, ExecutionSummary, Finalized, Pushed } from "./outcomes.ts";
export type { FinalizeRequest, PullRequestRequest } from "./finalize-request.ts";
export type { PullRequestInfo, SeenChecks } from "./pull-request-info.ts";
export { demandFinalize, demandWork } from "./finalize-policy.ts";
export { notCommitted } from "./finalize.ts";
export { bringPullRequest, requireTitled } from "./pull-request.ts";
export type { DockerfileSource, ImageRecipe } from "./image-recipe.ts";
export type { Preparation } from "./preparation.ts";
export type { RepositorySnapshot } from "./repository-snapshot.ts";
export type { DevcontainerMode } from "./devcontainer/plan.ts";
export { diskRoom, type DiskRoom } from "./disk-room.ts";
export { isWsError, toWsError, WsError, type ErrorCode, type ErrorData, type ErrorDetails } from "./errors.ts";
export type {
  AskSecret,
  Checks,
  Forge,
  ForgeRepository,
  ForgeRepositorySummary,
  NewPullRequest,
  PullRequestText,
  ReviewComment,
} from "./forge.ts";
export { concatBytes } from "./bytes.ts";
export { frozen } from "./frozen.ts";
export { createMapGrantStore } from "./map-grants.ts";
export type { FetchSettings } from "./handlers/fetch.ts";
export { handlerAbilities, handlerRules, parseHandler, type Handler, type HandlerAbility } from "./handlers/handler.ts";
export { fetchPackets, type Packet, type PacketSource, type PacketSummary } from "./handlers/packets.ts";
export type { PublishSettings } from "./handlers/publish.ts";
export { repositoryAt, repositoryKey, repositoryKeyOf, type RepositoryPlace } from "./repository-place.ts";
export { lines } from "./lines.ts";
export { METADATA_SERVICES } from "./metadata-services.ts";
export { excerpt, NAME_PATTERN, parseName, suggestName } from "./names.ts";
export {
  canEnter,
  enterPhase,
  type CredentialSelection,
  type Execution,
  statusOf,
  type Failure,
  type GivenMark,
  type Isolation,
  type Limits,
  type OperationKind,
  type Phase,
  type Power,
  type Profile,
  type CheckoutOptions,
  type Repository,
  type RuntimeName,
  type StartupStep,
  type Status,
  type StepId,
  type StepStatus,
  type WorkspaceId,
  type WorkspaceRecord,
} from "./workspace.ts";
export type {
  Argv,
  Box,
  BoxFeature,
  BoxFiles,
  BoxProcess,
  ProcessSignal,
  ByteChannel,
  Bytes,
  ByteSource,
  Clock,
  ConfinedEntry,
  ConfinedFiles,
  ConfinedOptions,
  ConfinedRead,
  ConfinedStat,
  ConfinedWrite,
  Decision,
  Decisions,
  Disk,
  ExitStatus,
  FileEntry,
  FileStat,
  Flaw,
  Git,
  GivenFile,
  Log,
  LogEntry,
  Permit,
  Place,
  PlaceSpec,
  PlaceUsage,
  Printed,
  PrintedOptions,
  Progress,
  Pty,
  Report,
  RunOptions,
  Runtime,
  RuntimeEvent,
  RuntimeStatus,
  Script,
  Identity,
  Setup,
  StepSource,
  Store,
  TerminalSize,
  Version,
  WatchBatch,
  WatchOptions,
  WorkState,
  TerminalState,
  Terminals,
} from "./ports.ts";
export type { WorkspaceEvent } from "./events.ts";
export type { LogSource } from "./log-place.ts";
export type { ForNewPrograms, Updated, UpdateRequest } from "./update.ts";
export type { CreateRequest, StartRequest, Workspaces, WorkspacesPorts, WorkspaceTerminals } from "./api.ts";
export { LOGIN_SHELL } from "./workspace-terminals.ts";
export type { WayIn } from "./way-in/way-in.ts";
export type { NamedPort } from "./way-in/named-ports.ts";
export type { WorkspacePort, WorkspacePorts } from "./way-in/workspace-ports.ts";
export { workspaceNotFound } from "./records.ts";
export type { FileChange } from "./changes/file-change.ts";
export type { ScriptNews } from "./run-again.ts";
export type { WorkspaceUsage } from "./usage/readings.ts";
export { contextOf, OLDEST_MS, type TokenCounts, type UsageEntry } from "./token-usage/usage-entry.ts";
export type { LogCursor, UsageBatch, UsageLog } from "./token-usage/usage-log.ts";
export { CONTEXT_STEPS, contextStep, costOf, MODEL_PRICES, type ModelPrice, priceFinder } from "./token-usage/price.ts";
export { patchedPaths } from "./files/patch/patched-paths.ts";
export type { WorkspaceFiles } from "./files/workspace-files.ts";
export type { Policies, PolicyChange, RepositoryPolicyStore } from "./policy/policies.ts";
export type { PolicyAct, PolicyLayer } from "./policy/layers.ts";
export type { Executed } from "./policy/execute.ts";
export { createPolicy, type Policy } from "./policy/policy.ts";
export { relativePath } from "./policy/relative-path.ts";
export { parseCommands } from "./policy/commands.ts";
export { parseRules, type PolicyKey, type PolicyRules } from "./policy/rules.ts";
export { asTyped, shellWord } from "./shell-word.ts";
export type {
  ChangedFile,
  ChangeKind,
  DiffFile,
  DiffHunk,
  DiffLine,
  DiffOptions,
  DiffRange,
  GitBlob,
  GitBranch,
  GitCommitInfo,
  GitDiff,
  GitLog,
  GitOperation,
  GitPerson,
  GitRef,
  GitStash,
  GitStatus,
  GitWork,
} from "./git-work.ts";
export { inTime, timeLimit } from "./time-limit.ts";
export { createWorkspaces } from "./workspaces.ts";
export { createRuns } from "./runs/create-runs.ts";
export type { RunEnd, RunRequest, Runs, RunState } from "./runs/runs.ts";
export { isTerminalId } from "./terminals/terminal-id.ts";
export { createTerminals, type TerminalsOptions } from "./terminals/create-terminals.ts";
export { oneLine } from "./in-place/run-script.ts";
export { createBoundedLog, type BoundedLog } from "./terminals/bounded-log.ts";
export {
  findReferences,
  formatReference,
  isWorkflowType,
  parseReference,
  readPrompt,
  referencePattern,
  type Reference,
} from "./references.ts";
export {
  defineProvider,
  type AllocatedWorkspace,
  type Answer,
  type ChangeOf,
  type CommitFormat,
  type CreateProvider,
  type PreparedReview,
  type ProviderContext,
  type ProviderHost,
  type ResolvedRef,
  type ReviewRequest,
  type Submitted,
  type WorkflowMetadata,
  type WorkspaceProvider,
} from "./provider.ts";
export {
  createProviderRegistry,
  type ProviderRegistry,
  type ProviderRegistryOptions,
  type ProviderSummary,
} from "./provider-registry.ts";
export {
  isProjectName,
  parseProjectName,
  type Change,
  type ChangeState,
  type Project,
  type SubmitMode,
} from "./projects/project.ts";
export { createProjects, type Projects, type ProjectsOptions } from "./projects/projects.ts";
export type { ChangeInput, Changes } from "./projects/changes.ts";
export type { ChangeStore, ProjectStore } from "./projects/stores.ts";
export { knownProject, LOCAL_GIT_HOST, localRepositoryUrl, resolvedProject } from "./projects/known-project.ts";
export { withCommitFormat } from "./projects/commit-format.ts";
export type { Lease, LeaseRequest, LeaseStage, LeaseStore } from "./leases/lease.ts";
export {
  createLeases,
  type AcquireRequest,
  type Checkout,
  type LeasedWorkspaces,
  type Leases,
  type LeasesPorts,
  type Released,
} from "./leases/leases.ts";
export {
  type AgentPermissions,
  type AgentSpec,
  type AgentUsage,
  isFinal,
  TASK_STATUSES,
  type TaskFailure,
  type TaskId,
  type TaskLease,
  type TaskQuestion,
  type TaskRecord,
  type TaskSpec,
} from "./tasks/task.ts";
export { TASK_ACTIONS, type ActionContext, type TaskAction } from "./tasks/actions/action.ts";
export { planAction } from "./tasks/actions/plan-action.ts";
export { agentTools } from "./tasks/agents/agent-tools.ts";
export type { CustomTool } from "./tasks/agents/custom.ts";
export type { TaskAgents } from "./tasks/agents/task-agents.ts";
export type { AgentTool, ToolServer } from "./tasks/agents/tool.ts";
export { canonicalJson } from "./canonical-json.ts";
export { createLines } from "./tasks/agents/lines.ts";
export { toolMissing } from "./tasks/agents/verdict.ts";
export { taskedWorkspaces } from "./tasks/tasked-workspaces.ts";
export { createTasks, type Tasks } from "./tasks/tasks.ts";
export type { LeasedTaskRequest, TaskRequest } from "./tasks/task-request.ts";
export { isNumberZero } from "./tasks/number-zero.ts";
export { taskLeases, type LeaseMaterial } from "./tasks/task-leases.ts";
export type { TaskOutput } from "./tasks/task-output.ts";
export { keyedIn, keyTaken, type TaskFilter, taskNotFound, taskOver, type TaskStore } from "./tasks/task-store.ts";
export {
  decideEgress,
  egressList,
  type EgressList,
  type EgressVerdict,
  type SourcedRule,
  type WorkerEgress,
  type WorkspaceEgress,
} from "./egress/decide.ts";
export type { EgressPorts } from "./egress/control.ts";
export { egressEnvironment, EGRESS_PORT } from "./egress/environment.ts";
export { EGRESS_REFUSED, type Egress, type EgressOptions, type EgressTarget, type EgressWay } from "./egress/egress.ts";
export { parseEgressDenial } from "./egress/denials.ts";
export { withAllowed, withDenied } from "./egress/rule-changes.ts";
export type { EgressRefusal } from "./egress/refusals.ts";
export type { EgressState, WorkspacesEgress } from "./egress/workspace-egress.ts";
export { EGRESS_PRESETS, type EgressPreset } from "./egress/presets.ts";
export { isNeverReached } from "./egress/never-reached.ts";
export { egressRuleText, parseEgressRule, ruleThatAllows, type EgressRule } from "./egress/rules.ts";
