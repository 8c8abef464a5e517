import type { Flaw } from "@ws/workspace-core";

/** What an engine says of one of the programs that it is made of. */
export interface Component {
  version: string;
  /** The commit that it was built from, or a distribution's name for its own version. */
  commit?: string;
}

export interface Components {
  /** Of Docker's own; another engine that speaks its language has none. */
  engine?: Component | undefined;
  runc?: Component | undefined;
}

/** What a distribution repaired in its own revision of a package; undefined where that cannot be told. */
export type Repairs = (name: string, revision: string) => Promise<ReadonlySet<string> | undefined>;

/** A hole, and the first repaired version of each series that was repaired. */
interface Hole {
  cves: readonly string[];
  fixed: readonly string[];
}

const RUNC: readonly Hole[] = [
  { cves: ["CVE-2024-21626"], fixed: ["1.1.12"] },
  { cves: ["CVE-2025-31133", "CVE-2025-52565", "CVE-2025-52881"], fixed: ["1.2.8", "1.3.3", "1.4.0"] },
];
const ENGINE: Hole = { cves: ["CVE-2026-34040"], fixed: ["29.3.1"] };

/** The holes that are known in these versions, the gravest first. */
export async function flawsOf({ engine, runc }: Components, repairs: Repairs): Promise<Flaw[]> {
  return [
    ...(runc === undefined ? [] : await runcFlaws(runc, repairs)),
    ...(engine === undefined ? [] : engineFlaws(engine)),
  ];
}

async function runcFlaws(runc: Component, repairs: Repairs): Promise<Flaw[]> {
  const holes = RUNC.filter(({ fixed }) => isOlder(runc.version, fixed));
  const cves = holes.flatMap((hole) => hole.cves);
  if (cves.length === 0) return [];
  const revision = revisionOf(runc);
  const repaired = revision === undefined ? new Set<string>() : await repairs("runc", revision);
  const left = cves.filter((cve) => repaired?.has(cve) !== true);
  if (left.length === 0) return [];
  const named = `runc ${revision ?? runc.version}`;
  const fixed = holes.at(-1)?.fixed.join(", ");
  const newer = `Install runc ${fixed} or later: the package containerd.io of Docker's own repository brings it`;
  if (repaired === undefined) {
    return [
      {
        part: "runc",
        cves: left,
        kind: "unclear",
        message: `Unless your distribution repaired it in ${named}, a container can break out (${left.join(", ")}).`,
        next: `See what its changelog says. ${newer}.`,
      },
    ];
  }
  return [
    {
      part: "runc",
      cves: left,
      kind: "escape",
      message: `A container can break out of ${named} (${left.join(", ")}).`,
      next:
        revision === undefined
          ? `${newer}.`
          : `${newer}; or your distribution's update, once its changelog names them: apt-get update && apt-get install runc.`,
    },
  ];
}

function engineFlaws({ version }: Component): Flaw[] {
  if (!isOlder(version, ENGINE.fixed)) return [];
  return [
    {
      part: "docker",
      cves: ENGINE.cves,
      kind: "indirect",
      message: `Docker ${version} lets large requests past its authorization plugins (${ENGINE.cves.join(", ")}); workspaces do not rely on one.`,
      next: `Install Docker ${ENGINE.fixed.join(", ")} or later where others use this engine behind such a plugin.`,
    },
  ];
}

/** A distribution's own version, which may have repairs that its number does not tell of: `1.1.5+ds1-1+deb12u1`, `1.1.12-0ubuntu2~22.04.1`. */
export function revisionOf({ version, commit = "" }: Component): string | undefined {
  return [commit, version].find((text) => /^\d+(?:\.\d+)+(?:[+~]|-\d)/.test(text));
}

/** Whether a version lies below the repair of its own series, or below all repaired series. */
function isOlder(version: string, fixed: readonly string[]): boolean {
  const own = numbers(version);
  const repairs = fixed.map(numbers);
  const sameSeries = repairs.find((repair) => repair[0] === own[0] && repair[1] === own[1]);
  const below = repairs.filter((repair) => compare(repair, own) <= 0);
  // Between two repaired series lies one that ended before it was repaired; above all of them nothing is known to be broken.
  const difference = compare(own, sameSeries ?? (below.length === 0 ? (repairs[0] ?? []) : own));
  return difference < 0 || (difference === 0 && sameSeries !== undefined && /^[\d.]+-(?:rc|beta|alpha)/.test(version));
}

function numbers(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0));
  return at === undefined ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
