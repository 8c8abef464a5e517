import { excerpt } from "../names.ts";
import type { Refusal } from "./plan.ts";
import { asksAnAddress } from "./registry.ts";

export interface DockerfileReading {
  /** The images that its stages begin with, which are no stages themselves. */
  bases: readonly string[];
  refused: readonly Refusal[];
}

interface Line {
  text: string;
  line: number;
  /** Whether the line before may go on in it, by whichever reading. */
  mayBeginNothing: boolean;
}

/** What `ADD` takes here: files of the repository, named in plain letters, in one line. */
const PLAIN_ADD = /^(?:ONBUILD[ \t]+)?ADD[ \t]+[\w./*= \t-]+$/i;
const PLAIN_FROM = /^FROM[ \t]+(?:--platform=\S+[ \t]+)?([^\s\\`"']+)(?:[ \t]+AS[ \t]+([\w.-]+))?[ \t]*$/i;
/** Not seen, and not the same to all who read it: one engine takes it for a space, or for nothing, and another for a letter. */
const DOUBTFUL = /(?![ \t\r\n])[\p{White_Space}\p{Cc}\p{Cf}]/u;
/** Each is pulled to the worker's disk. */
const MOST_IMAGES = 16;
/** The names of what is looked for, or a beginning of them, behind which the line goes on. */
const CUT_NAME = /^(?:A|AD|ADD|F|FR|FRO|FROM|C|CO|COP|COPY|ON[A-Z]*|ON[A-Z]*\s+A?D?D?)?[\\`]+$/i;

/**
 * What of a Dockerfile the engine itself would do, outside of every container: fetch what `ADD` names from wherever the engine
 * reaches, and images from where they are named, whose own triggers may do the same. `RUN` is done in a container and needs no look.
 *
 * Engines differ in where a line goes on in the next one. So what begins a line is taken for an instruction in every reading, and what
 * would be one only together with other lines is refused.
 */
export function readDockerfile(text: string, args: Readonly<Record<string, string>>): DockerfileReading {
  const refused = new Map<number, Refusal>();
  const refuse = (line: number, property: string, reason: string): void => {
    if (!refused.has(line)) refused.set(line, { line, property, reason });
  };
  const bases = createBases(args);
  for (const [index, row] of text.split("\n").entries()) {
    const [doubtful] = DOUBTFUL.exec(row) ?? [];
    if (doubtful !== undefined)
      refuse(index + 1, codeOf(doubtful), "engines differ in whether that is a space: use plain ones");
  }
  for (const { text: said, line, mayBeginNothing } of linesOf(text)) {
    const what = /^(?:ON\S*\s+)?ADD(?![a-z0-9_-])/i.test(said) ? "ADD" : /^FROM\b/i.test(said) ? "FROM" : "";
    if (said !== "\\" && said !== "`" && CUT_NAME.test(said)) {
      refuse(line, excerpt(said), "an instruction's name and what follows it must stand in one line");
    } else if (what === "ADD" && !PLAIN_ADD.test(said)) {
      refuse(
        line,
        "ADD",
        "the engine itself would fetch it; ADD takes plain names of files here: use COPY, or curl in a RUN",
      );
    } else if (what === "FROM" && mayBeginNothing) {
      refuse(line, "FROM", "it cannot be told whether this begins a stage: let the line before it end otherwise");
    } else if (what === "FROM") {
      if (!bases.from(said)) refuse(line, "FROM", `'${excerpt(said)}' names no image of a registry that has a name`);
      else if (bases.count() > MOST_IMAGES) refuse(line, "FROM", `it begins with more than ${MOST_IMAGES} images`);
    } else if (/^ARG\b/i.test(said)) bases.declare(said);
  }
  const copied = new Set(copiedFrom(text));
  if ([...copied].filter((image) => !bases.isStage(image)).length > MOST_IMAGES)
    refuse(1, "COPY", `it copies from more than ${MOST_IMAGES} images`);
  const strange = [...copied].find((image) => /[^\w./:@-]/.test(image) || asksAnAddress(image));
  if (strange !== undefined)
    refuse(1, "COPY", `'--from=${excerpt(strange)}' names no image of a registry that has a name`);
  return { bases: bases.found(), refused: [...refused.values()] };
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Without what is white in any reading at their ends, and without those that are only a comment. */
function linesOf(text: string): Line[] {
  const found: Line[] = [];
  let mayBeginNothing = false;
  for (const [index, row] of text.split("\n").entries()) {
    const said = row.replace(/^[^\x21-\x7e]+|[^\x21-\x7e]+$/g, "");
    if (said === "" || said.startsWith("#")) continue;
    found.push({ text: said, line: index + 1, mayBeginNothing });
    mayBeginNothing = /[\\`]$/.test(said);
  }
  return found;
}

/** What `--from=` is said of anywhere, also where that is spread over lines. */
function copiedFrom(text: string): string[] {
  const joined = linesOf(text)
    .map((one) => one.text.replace(/[\\`]+$/, ""))
    .join("");
  return [text, joined].flatMap((each) => [...each.matchAll(/--from=([^\s\\`]*)/gi)].map(([, image = ""]) => image));
}

function createBases(args: Readonly<Record<string, string>>) {
  const values = new Map<string, string>();
  const stages = new Set<string>(["scratch"]);
  const bases = new Set<string>();
  let isBegun = false;
  return {
    /** Those before the first stage are what its images may be named with. */
    declare(said: string): void {
      if (isBegun) return;
      for (const declared of said.split(/[ \t]+/).slice(1)) {
        const [, name = "", preset] = /^(\w+)(?:=(.*))?$/.exec(declared) ?? [];
        const value = Object.hasOwn(args, name) ? args[name] : preset?.replace(/^(["'])(.*)\1$/, "$2");
        if (value !== undefined) values.set(name, value);
      }
    },
    /** Whether it can be told which image is meant, and may be. */
    from(said: string): boolean {
      isBegun = true;
      const [, image, stage] = PLAIN_FROM.exec(said) ?? [];
      const base = image === undefined ? undefined : expand(image, values);
      if (base === undefined || base === "" || asksAnAddress(base)) return false;
      if (!stages.has(base.toLowerCase())) bases.add(base);
      if (stage !== undefined) stages.add(stage.toLowerCase());
      return true;
    },
    count: (): number => bases.size,
    found: (): string[] => [...bases],
    /** By its name or its number. */
    isStage: (image: string): boolean => /^\d+$/.test(image) || stages.has(image.toLowerCase()),
  };
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
  return /[^\w./:@-]/.test(full) ? undefined : full;
}
