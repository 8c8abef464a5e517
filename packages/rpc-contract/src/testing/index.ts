export { echoingProgram } from "./echoing-world.ts";
export { type FakeSocket, fakeSockets } from "./fake-sockets.ts";
export { type ManualTimers, manualTimers } from "./manual-timers.ts";
export { createSampleClient } from "./sample-client.ts";
export { type Play, type Played, playedWorkspace, playWorker } from "./played-worker.ts";
