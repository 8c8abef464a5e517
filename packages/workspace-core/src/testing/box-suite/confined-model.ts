import { describe, expect, test } from "vitest";

import type { ConfinedFiles, ConfinedStat } from "../../ports.ts";
import { createFakeConfined } from "../fake-confined.ts";
import { createFakeHome } from "../fake-home.ts";
import { contentOf } from "./confined-place.ts";
import { encode, freshDirectory, script } from "./probing.ts";
import type { BoxUnderTest } from "./under-test.ts";

const SEEDS = 12;
const STEPS = 60;

/** A fake may not drift: the same uses one after the other have to come to the same, refusals included. */
export function modelTests(place: () => BoxUnderTest): void {
  describe("files below a directory", () => {
    test("do what their fake does, whatever comes after what", async () => {
      const { box } = place();
      if (box.missing.includes("confined")) return;
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const root = await freshDirectory(box);
        const home = createFakeHome(box.id);
        home.directories.add(root);
        const fake = createFakeConfined(home, root, () => undefined);
        const real = box.within(root);
        const random = seeded(seed);
        for (let step = 0; step < STEPS; step += 1) {
          const use = chooseUse(random, root);
          if (use.link === undefined) {
            const outcomes = [await outcomeOf(use.run(real)), await outcomeOf(use.run(fake))];
            expect({ seed, step, use: use.name, outcome: outcomes[0] }).toEqual({
              seed,
              step,
              use: use.name,
              outcome: outcomes[1],
            });
            continue;
          }
          const { at, target } = use.link;
          const where = await placeFor(fake, at);
          if (where === undefined) continue;
          home.links.set(`${root}/${where}`, target);
          await script(box, 'ln -s -- "$1" "$2"', target, `${root}/${where}`);
        }
      }
    });
  });
}

interface Use {
  name: string;
  run: (files: ConfinedFiles) => Promise<unknown>;
  link?: { at: string; target: string };
}

function chooseUse(random: (below: number) => number, root: string): Use {
  const one = <T>(all: readonly [T, ...T[]]): T => all[random(all.length)] ?? all[0];
  const path = (): string =>
    Array.from({ length: 1 + random(3) }, () => one(["a", "b", "c"])).join("/") + one(["", "", "", "/", "/."]);
  const [at, to] = [path(), path()];
  const [yes, no] = [random(2) === 1, random(2) === 1];
  const asked: string[] = [];
  const permit = (each: string): void => void asked.push(each);
  const use = (name: string, run: Use["run"]): Use => ({ name: `${name} ${at}`, run });
  switch (random(10)) {
    case 0:
      return use(`stat ${yes}`, async (files) => known(await files.stat(at, { follow: yes })));
    case 1:
      return use("list", async (files) => {
        const { path: real, entries } = await files.list(at);
        return { real, entries: entries.map(({ name, type, target }) => ({ name, type, target })) };
      });
    case 2:
      return use("read", (files) => contentOf(files, at));
    case 3:
    case 4:
      return use(`write ${yes} ${no}`, async (files) => {
        const written = await files.write(at, encode(to), { parents: yes, ...(no ? { expect: "absent" } : {}) });
        return { ...written, stat: known(written.stat) };
      });
    case 5:
      return use("mkdir", (files) => files.mkdir(at));
    case 6:
      return use(`rename ${yes} ${to}`, async (files) => {
        asked.length = 0;
        return { ...(await files.rename(at, to, { replace: yes, permit })), asked: asked.toSorted() };
      });
    case 7:
      return use(`remove ${yes}`, async (files) => {
        asked.length = 0;
        return { ...(await files.remove(at, { recursive: yes, permit })), asked: asked.toSorted() };
      });
    default: {
      const target = one([to, `../${to}`, `../../${to}`, `${root}/${to}`, ".", "..", "/etc"]);
      return { ...use("link", () => Promise.resolve()), link: { at, target } };
    }
  }
}

/** What is the same wherever a file lies. */
function known({ path, type, target, size, mode, links }: ConfinedStat): object {
  return type === "file" ? { path, type, size, mode, links } : { path, type, target };
}

async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  return work.catch((error: Error & { code?: string }) => error.code ?? error.message);
}

/** Where a link of this path would really lie, if one can be made there. */
async function placeFor(files: ConfinedFiles, path: string): Promise<string | undefined> {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  const name = names.pop() ?? "";
  const parent = await files.stat(names.join("/"), { follow: true }).catch(() => undefined);
  if (parent?.type !== "directory") return undefined;
  const at = parent.path === "" ? name : `${parent.path}/${name}`;
  return (await files.stat(at).catch(() => undefined)) === undefined ? at : undefined;
}

/** Whole numbers from 0, the same for the same seed. */
function seeded(seed: number): (below: number) => number {
  let state = Math.imul(seed, 2_654_435_761) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
