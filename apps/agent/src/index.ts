export { startAgent, type Agent, type AgentOptions } from "./agent.ts";
export { configDirectory, socketPath } from "./paths.ts";
