export { followLog, lastLines } from "./agent-log.ts";
export { installService, uninstallService } from "./install.ts";
export { howToGive, leftOut } from "./left-out.ts";
export { lingers } from "./lingering.ts";
export { directoryOf, howToStart, logPath, systemDirectory } from "./look.ts";
export { thisMachine } from "./machine.ts";
export { ownerOf, requireRoot } from "./owner.ts";
export { restartAgent } from "./restart.ts";
export { agentStatus, type AgentStatus } from "./status.ts";
