import type { Progress } from "@ws/workspace-core";

/** One line of what the engine streams while it builds or pulls. */
export interface BuildMessage {
  stream?: string;
  status?: string;
  id?: string;
  progressDetail?: { current?: number; total?: number };
  error?: string;
}

export interface BuildOutput {
  /** What a watching person is told of this message, if anything. */
  push(message: BuildMessage): Progress | undefined;
  /** The last lines that programs printed. */
  readonly tail: readonly string[];
  /** Images that this build made on its way, oldest first: neither found in the cache nor begun from. */
  readonly made: readonly string[];
  readonly error: string | undefined;
}

const TAIL = 25;

/** Reads the classic builder's output, whose text is its only interface. */
export function createBuildOutput(): BuildOutput {
  const tail: string[] = [];
  const made: string[] = [];
  let error: string | undefined;
  let partial = "";
  let step: { label: string; text: string; percent: number } | undefined;
  let madeHere = false;

  function line(text: string): Progress | undefined {
    const start = /^Step (\d+)\/(\d+) : (.*)$/.exec(text);
    if (start !== null) {
      const [, number = "", total = "", instruction = ""] = start;
      step = {
        label: `Step ${number}/${total}`,
        text: instruction,
        percent: Math.floor(((Number(number) - 1) / Number(total)) * 100),
      };
      madeHere = !/^from\b/i.test(instruction);
      return { message: `${step.label}: ${short(instruction)}`, percent: step.percent };
    }
    if (text === " ---> Using cache") {
      madeHere = false;
      return undefined;
    }
    const image = /^ ---> ([0-9a-f]{12,64})$/.exec(text);
    if (image !== null) {
      if (madeHere) made.push(image[1] as string);
      return undefined;
    }
    const said = text.trim();
    if (said === "" || /^(---> |Removing intermediate container |Successfully )/.test(said)) return undefined;
    tail.push(said);
    if (tail.length > TAIL) tail.shift();
    if (step === undefined) return { message: short(said) };
    return { message: `${step.label}: ${short(said)}`, percent: step.percent };
  }

  return {
    tail,
    made,
    get error() {
      return error;
    },
    push(message) {
      if (message.error !== undefined) {
        error = message.error;
        return undefined;
      }
      if (message.status !== undefined) return pulled(message);
      const parts = (partial + (message.stream ?? "")).split("\n");
      partial = parts.pop() ?? "";
      return parts.map(line).findLast((progress) => progress !== undefined);
    },
  };
}

/** A pull reports each layer by itself; a percentage of one layer would jump back and forth. */
function pulled({ status = "", id }: BuildMessage): Progress {
  return { message: short(id === undefined ? status : `${id}: ${status}`) };
}

function short(text: string): string {
  const clean = text.replace(/[\p{C}\s]+/gu, " ").trim();
  return clean.length <= 120 ? clean : `${clean.slice(0, 119)}…`;
}
