export { boxSuite, type BoxUnderTest } from "./box-suite.ts";
export { createFakeBox, type FakeProgram } from "./fake-box.ts";
export { createFakeGit, type FakeGit } from "./fake-git.ts";
export { createFakeRuntime, type FakeHome, type FakeRuntime } from "./fake-runtime.ts";
export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { createMemoryStore } from "./memory-store.ts";
export { runtimeSuite, type RuntimeCapabilities, type RuntimeSubject } from "./runtime-suite.ts";
export { storeSuite, type StoreSubject } from "./store-suite.ts";
export { terminalsSuite } from "./terminals-suite.ts";
