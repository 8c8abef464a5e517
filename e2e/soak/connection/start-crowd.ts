import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { AgentProcess } from "../../support/agent-process.ts";

export interface Report {
  at: number;
  /** Clients that have everything open that they want. */
  standing: number;
  drops: number;
  /** How often the agent answered with each HTTP status. */
  statuses: Record<string, number>;
  /** Since the last report, at each client: changes of a workspace, by its name then, and the marks that its terminal showed. */
  heard: { title: string; at: number }[];
}

export interface Crowd extends Disposable {
  readonly count: number;
  report(): Promise<Report>;
  /** Reports until one is as it is wanted. */
  until(wanted: (report: Report) => boolean): Promise<Report>;
}

/** So many dashboards of one agent, in a process of their own; the first of them, or all and nothing else, look at a terminal too. */
export function startCrowd(agent: AgentProcess, count: number, viewers: number | "only"): Crowd {
  const script = fileURLToPath(new URL("crowd.ts", import.meta.url));
  const argv = ["--conditions=source", script, agent.url, String(count), String(viewers)];
  const crowd = spawn(process.execPath, argv, { stdio: ["pipe", "pipe", "inherit"] });
  crowd.stdin.write(`${agent.token}\n`);
  const lines = createInterface({ input: crowd.stdout })[Symbol.asyncIterator]();

  async function report(): Promise<Report> {
    crowd.stdin.write("\n");
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`The clients ended with ${crowd.exitCode}.`);
    return JSON.parse(value) as Report;
  }

  return {
    count,
    report,
    async until(wanted) {
      for (;;) {
        const found = await report();
        if (wanted(found)) return found;
      }
    },
    [Symbol.dispose]: () => void crowd.kill("SIGKILL"),
  };
}
