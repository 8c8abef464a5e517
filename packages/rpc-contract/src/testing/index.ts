export { type FakeSocket, fakeSockets } from "./fake-sockets.ts";
export { type ManualTimers, manualTimers } from "./manual-timers.ts";
