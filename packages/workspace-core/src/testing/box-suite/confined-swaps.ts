import { describe, expect, test } from "vitest";

import type { Box } from "../../ports.ts";
import { contentOf } from "./confined-place.ts";
import { encode, freshDirectory, readUntil, script, text } from "./probing.ts";
import type { BoxUnderTest } from "./under-test.ts";

const SOAK_MS = 1_800_000;

/**
 * As fast as the place can, until its input ends: `swap` is a directory, then a link out of the root or to what may not be
 * read, and `one` a file or such a link.
 */
const FLIPPER = `
chdir $ARGV[0] or die;
vec(my $in = "", 0, 1) = 1;
$| = 1;
print "begun\\n";
for (my $i = 0; ; $i++) {
  last if $i % 64 == 0 && select(my $r = $in, undef, undef, 0);
  my $to = $i % 2 ? "../elsewhere" : "private";
  rename "swap", "real" or die "out: $!";
  symlink $to, "swap" or die "link: $!";
  symlink "$to/file", "one.new";
  rename "one.new", "one";
  unlink "swap";
  rename "real", "swap" or die "in: $!";
  if (open my $f, ">", "one.new") { print $f "inside"; close $f; rename "one.new", "one" }
}
print "ended\\n";
`;

/** What an attempt may come to. */
const FINE: ReadonlySet<string> = new Set([
  "inside",
  // One that the flipper has just made.
  "",
  "wrote swap/file",
  "wrote swap/a/b",
  "removed swap/file",
  "moved swap/c",
  "removed swap/c",
  "listed inside",
  "refused",
  "path_traversal",
  "file_not_found",
  "not_a_directory",
  "not_a_regular_file",
  "file_exists",
  "is_a_directory",
  "directory_not_empty",
]);

/** What it comes to sooner or later. */
const MET = ["inside", "path_traversal", "refused"];

export function swapTests(place: () => BoxUnderTest): void {
  describe("links that are swapped in all the time", () => {
    test(
      "never lead outside, nor to what the permit refuses (realpath-then-open leaks)",
      async () => {
        const { box, reads = 2_000 } = place();
        if (box.missing.includes("confined")) return;
        const { root, elsewhere } = await prepare(box);
        const files = box.within(root);
        const input = Promise.withResolvers<void>();
        const flipper = await box.run(["perl", "-e", FLIPPER, root], {
          stdin: (async function* () {
            await input.promise;
            yield encode("end\n");
          })(),
          traffic: "interactive",
        });
        const said = flipper.stdout[Symbol.asyncIterator]();
        await readUntil({ [Symbol.asyncIterator]: () => said }, "begun");
        const refusal = { code: "refused" };
        const permit = (path: string): void => {
          if (path === "private" || path.startsWith("private/")) throw refusal;
        };
        const seen = new Map<string, number>();
        const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
        const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error);
        const attempt = async (work: () => Promise<string>): Promise<void> => note(await work().catch(codeOf));
        let count = 0;
        const reader = async (): Promise<void> => {
          // On a busy machine the flipper may come late.
          while (count < reads || MET.some((each) => !seen.has(each))) {
            count += 1;
            const round = count;
            await attempt(async () => {
              await using opened = await files.read(round % 2 === 0 ? "swap/file" : "one", { permit });
              return await text(opened.content);
            });
            if (round % 5 === 0)
              await attempt(async () => `wrote ${(await files.write("swap/file", encode("inside"), { permit })).path}`);
            if (round % 7 === 0)
              await attempt(
                async () => `wrote ${(await files.write("swap/a/b", encode("x"), { parents: true, permit })).path}`,
              );
            if (round % 11 === 0)
              await attempt(async () => `removed ${(await files.remove("swap/file", { permit })).path}`);
            if (round % 13 === 0)
              await attempt(async () => {
                const { entries } = await files.list("swap", { permit });
                return entries.some(({ name }) => name === "marked") ? "listed outside" : "listed inside";
              });
            if (round % 17 === 0)
              await attempt(async () => `moved ${(await files.rename("swap/a", "swap/c", { permit })).path}`);
            if (round % 19 === 0)
              await attempt(async () => `removed ${(await files.remove("swap/c", { recursive: true, permit })).path}`);
          }
        };
        await Promise.all(Array.from({ length: 8 }, reader));
        input.resolve();
        await flipper.exit;

        expect([...seen.keys()].filter((each) => !FINE.has(each))).toEqual([]);
        const beside = box.within(elsewhere);
        expect((await beside.list("")).entries.map(({ name }) => name)).toEqual(["file", "marked"]);
        expect(await contentOf(beside, "file")).toBe("outside");
        expect(await contentOf(files, "private/file")).toBe("private");
        expect((await files.list("private")).entries.map(({ name }) => name)).toEqual(["file", "marked"]);
      },
      SOAK_MS,
    );
  });
}

async function prepare(box: Box): Promise<{ root: string; elsewhere: string }> {
  const around = await freshDirectory(box);
  await script(
    box,
    `cd "$1" && mkdir -p root/swap root/private elsewhere && printf inside >root/swap/file && printf inside >root/one &&
     printf outside >elsewhere/file && printf private >root/private/file && : >elsewhere/marked && : >root/private/marked`,
    around,
  );
  return { root: `${around}/root`, elsewhere: `${around}/elsewhere` };
}
