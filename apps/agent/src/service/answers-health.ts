import { request } from "node:http";

/** Whether the agent behind a unix socket says at `/health` that it is well; its version then. */
export function answersHealth(socketPath: string, signal: AbortSignal): Promise<{ version: string } | undefined> {
  return new Promise((resolve) => {
    const none = (): void => resolve(undefined);
    const asked = request({ socketPath, path: "/health", agent: false, signal }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => (text += part.slice(0, LONGEST)));
      answer.on("error", none);
      answer.on("end", () => resolve(answer.statusCode === 200 ? healthIn(text) : undefined));
    });
    asked.on("error", none);
    asked.end();
  });
}

const LONGEST = 4_096;

function healthIn(text: string): { version: string } | undefined {
  try {
    const { status, version } = JSON.parse(text) as { status?: unknown; version?: unknown };
    return status === "ok" && typeof version === "string" ? { version } : undefined;
  } catch {
    return undefined;
  }
}
