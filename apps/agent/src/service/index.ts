export { answersHealth } from "./answers-health.ts";
export { settingVariables } from "../config/settings.ts";
export { checkStart } from "./check-start.ts";
export { type AgentLogLine, logLineForPeople, parseLogLine } from "../log/line.ts";
export { newestCopy } from "../store/database.ts";
export { lastHolder } from "../store/lock.ts";
