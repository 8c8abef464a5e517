export { answerTools, type ToolHandlerOptions } from "./http.ts";
export { createToolServer, type ToolServerOptions } from "./server.ts";
