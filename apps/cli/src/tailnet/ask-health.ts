import { get } from "node:http";

const ANSWER_MS = 2_000;
const LONGEST_ANSWER = 4_096;

/** The version of the agent at that address; undefined where none answers within two seconds. Never rejects. */
export function askHealth(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const asked = get(`${url}/health`, { agent: false, signal }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
        if (text.length <= LONGEST_ANSWER) return;
        // Who says so much is no agent.
        resolve(undefined);
        asked.destroy();
      });
      answer.on("error", () => resolve(undefined));
      answer.on("close", () => resolve(answer.statusCode === 200 ? versionIn(text) : undefined));
    });
    asked.on("error", () => resolve(undefined));
  });
}

function versionIn(text: string): string | undefined {
  try {
    const { status, version } = JSON.parse(text) as { status?: unknown; version?: unknown };
    return status === "ok" && typeof version === "string" && version.length <= 100 ? version : undefined;
  } catch {
    return undefined;
  }
}
