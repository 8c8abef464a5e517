import { excerpt } from "../names.ts";
import { asksAnAddress } from "./registry.ts";
import type { Refusal } from "./plan.ts";

export interface DockerfileReading {
  /** The images that its stages begin with, which are no stages themselves. */
  bases: readonly string[];
  refused: readonly Refusal[];
}

interface Instruction {
  text: string;
  line: number;
}

/** What `ADD` takes here: files of the repository, named in plain letters. */
const PLAIN_ADD = /^(?:ONBUILD\s+)?ADD\s+[\w./*= -]+$/i;

/**
 * What of a Dockerfile the engine itself would do, outside of every container: fetch what `ADD` names from wherever the engine
 * reaches, and begin with images whose own triggers do the same. `RUN` is done in a container and needs no look.
 */
export function readDockerfile(text: string, args: Readonly<Record<string, string>>): DockerfileReading {
  const refused: Refusal[] = [];
  // Which character leads over a line's end is said by a comment; both readings are looked at, so that none hides anything.
  const readings = ["\\", "`"].map((escape) => instructionsOf(text, escape));
  for (const { text: said, line } of readings.flat()) {
    if (!/^(?:ONBUILD)?ADD/i.test(said.replaceAll(/\s/g, "")) || PLAIN_ADD.test(said)) continue;
    if (refused.some((earlier) => earlier.line === line)) continue;
    const reason = "the engine itself would fetch it; ADD takes plain names of files here: use COPY, or curl in a RUN";
    refused.push({ line, property: "ADD", reason });
  }
  const likely = /#\s*escape\s*=/i.test(text) ? readings : readings.slice(0, 1);
  const found = likely.map((instructions) => basesOf(instructions, args));
  for (const { text: said, line } of found.flatMap(({ unknown }) => unknown)) {
    refused.push({ line, property: "FROM", reason: `'${excerpt(said)}' names no image of a registry that has a name` });
  }
  return { bases: [...new Set(found.flatMap(({ bases }) => bases))], refused };
}

function instructionsOf(text: string, escape: string): Instruction[] {
  const found: Instruction[] = [];
  let begun: Instruction | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .entries()) {
    const row = raw.replace(/\r$/, "");
    // Between the lines of an instruction neither a comment nor an empty line ends it.
    if (/^\s*#/.test(row) || /^\s*$/.test(row)) continue;
    const trimmed = row.trimEnd();
    const goesOn = trimmed.endsWith(escape);
    const part = goesOn ? trimmed.slice(0, -1) : row;
    begun = begun === undefined ? { text: part.trimStart(), line: index + 1 } : { ...begun, text: begun.text + part };
    if (goesOn) continue;
    found.push(begun);
    begun = undefined;
  }
  return begun === undefined ? found : [...found, begun];
}

function basesOf(
  instructions: readonly Instruction[],
  args: Readonly<Record<string, string>>,
): { bases: string[]; unknown: Instruction[] } {
  const values = new Map<string, string>();
  const stages = new Set<string>(["scratch"]);
  const bases = new Set<string>();
  const unknown: Instruction[] = [];
  let isGlobal = true;
  for (const instruction of instructions) {
    const [word = "", ...rest] = instruction.text.trim().split(/\s+/);
    if (word.toUpperCase() === "ARG" && isGlobal) {
      for (const declared of rest) {
        const [, name = "", preset] = /^(\w+)(?:=(.*))?$/.exec(declared) ?? [];
        const value = Object.hasOwn(args, name) ? args[name] : preset?.replace(/^(["'])(.*)\1$/, "$2");
        if (value !== undefined) values.set(name, value);
      }
    }
    const copied = /^copy$/i.test(word)
      ? rest.find((part) => /^--from=/i.test(part))?.slice("--from=".length)
      : undefined;
    // Its stages have plain names; anything else is an image that the engine fetches.
    if (copied !== undefined && (/[^\w./:@-]/.test(copied) || asksAnAddress(copied))) unknown.push(instruction);
    if (word.toUpperCase() !== "FROM") continue;
    isGlobal = false;
    const [image = "", as, stage] = rest.filter((part) => !part.startsWith("--"));
    const base = expand(image, values);
    if (base === undefined || base === "" || asksAnAddress(base)) unknown.push(instruction);
    else if (!stages.has(base.toLowerCase())) bases.add(base);
    if (as?.toUpperCase() === "AS" && stage !== undefined) stages.add(stage.toLowerCase());
  }
  return { bases: [...bases], unknown };
}

/** With the variables that are known; undefined where one is not, or is written in another way than the usual ones. */
function expand(text: string, values: ReadonlyMap<string, string>): string | undefined {
  const full = text.replaceAll(
    /\$(?:(\w+)|\{(\w+)(?::-([^${}]*))?\})/g,
    (whole, plain?: string, name?: string, preset?: string) => {
      const value = values.get(plain ?? name ?? "");
      return (value === "" && preset !== undefined ? preset : value) ?? preset ?? whole;
    },
  );
  return /[$`\\"']/.test(full) ? undefined : full;
}
