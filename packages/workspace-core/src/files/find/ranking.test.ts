import { expect, test } from "vitest";
import { createRanking } from "./ranking.ts";

function ranked(query: string, paths: readonly string[], most = 10) {
  const ranking = createRanking(query, most);
  for (const path of paths) if (ranking.fits(path)) ranking.add(path);
  return ranking.result();
}

test("all words stand in the path, in whatever case", () => {
  expect(ranked("SRC  main", ["src/main.ts", "src/other.ts", "lib/main.ts", "Src/MAIN"]).paths).toEqual([
    "Src/MAIN",
    "src/main.ts",
  ]);
});

test("a name before a folder, its beginning before its inside, and short before long", () => {
  const paths = ["main/x.ts", "src/domain.ts", "src/deep/main.ts", "main.ts", "main"];
  expect(ranked("main", paths).paths).toEqual(["main", "main.ts", "src/deep/main.ts", "src/domain.ts", "main/x.ts"]);
});

test("the best are kept of however many, and it is said that there are more", () => {
  const paths = Array.from({ length: 5_000 }, (_, at) => `deep/folder/file-${at}.ts`);
  expect(ranked("file", [...paths, "file"], 2)).toEqual({ paths: ["file", "deep/folder/file-0.ts"], truncated: true });
  expect(ranked("file-4999", paths, 2).truncated).toBe(false);
});
