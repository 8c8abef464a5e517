export { agentBoxSuite } from "./agent-suite.ts";
export { agentStandIn } from "./agent-stand-in/program.ts";
export { boxSuite, plainBoxSuite } from "./box-suite.ts";
export type { BoxUnderTest } from "./box-suite/under-test.ts";
export { createFakeBox } from "./fake-box.ts";
export { type FakeHome } from "./fake-home.ts";
export { type FakeProgram } from "./fake-process.ts";
export {
  createFakeForge,
  FAKE_LOGIN,
  type FakeForge,
  type ForgeFault,
  type HeldPullRequest,
  type HeldRepository,
  type NewRepository,
} from "./fake-forge.ts";
export { createFakeCredentials, type FakeCredentials } from "./fake-credentials.ts";
export { createFakeGit, type FakeGit } from "./fake-git.ts";
export { createFakeRuns, type FakeRunProgram, type FakeRuns } from "./fake-runs.ts";
export { createFakeRuntime, type FakeRuntime } from "./fake-runtime.ts";
export { ON_A_FULL_DISK, useFullDisk } from "./full-disk.ts";
export { createHarness, type Harness } from "./harness.ts";
export { HOSTILE_PATHS } from "./hostile-paths.ts";
export { grantStoreSuite, newGrant, type GrantStoreSubject } from "./grant-store-suite.ts";
export { forgeSuite, type ForgeSubject, type RepositoryNeeds, type ServedForgeRepository } from "./forge-suite.ts";
export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { createMemoryStore } from "./memory-store.ts";
export { newRecord } from "./new-record.ts";
export { newTask } from "./new-task.ts";
export { runtimeSuite, type RuntimeCapabilities, type RuntimeSubject } from "./runtime-suite.ts";
export { plainRunsSuite, runsSuite } from "./runs-suite.ts";
export { startDoomedRuns } from "./runs-suite/doomed.ts";
export type { RunsPlace } from "./runs-suite/runs-place.ts";
export { storeSuite, type StoreSubject } from "./store-suite.ts";
export { terminalsSuite } from "./terminals-suite.ts";
export { createMemoryChangeStore, createMemoryProjects, createMemoryProjectStore } from "./memory-projects.ts";
export { projectStoresSuite } from "./project-suite.ts";
export { providerSuite, type ProviderSubject } from "./provider-suite.ts";
export { createMemoryLeaseStore } from "./memory-leases.ts";
export { leaseStoreSuite, type LeaseStoreSubject } from "./lease-suite.ts";
export { taskStoreSuite, type TaskStoreSubject } from "./task-store-suite.ts";
export { toExecute } from "../policy/execute.ts";
