import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Listeners extends AsyncDisposable {
  /** Does what makes an event with this word; resolves to the milliseconds from its begin until each listener had the word. */
  hear: (word: string, make: () => Promise<unknown>) => Promise<readonly number[]>;
}

/** So many readers of an event stream, in a process of their own. */
export async function startListeners(options: {
  url: string;
  /** JSON that is posted to it; without it the stream is only asked for. */
  body?: string;
  token?: string;
  count: number;
  signal: AbortSignal;
}): Promise<Listeners> {
  const { url, body, token = "", count, signal } = options;
  const script = fileURLToPath(new URL("listeners-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, url, String(count), ...(body === undefined ? [] : [body])], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout, signal })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("A listener lost its stream.");
    return value;
  };
  child.stdin.write(`${token}\n`);
  await next();
  return {
    async hear(word, make) {
      child.stdin.write(`${word}\n`);
      await next();
      const began = performance.timeOrigin + performance.now();
      const [answer] = await Promise.all([next(), make()]);
      return (JSON.parse(answer) as number[]).map((at) => at - began);
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}
