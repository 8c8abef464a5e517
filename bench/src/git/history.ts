const FILES = 2_000;
const COMMITS = 5_000;
/** Files that one commit changes. */
const CHANGES = 2;
const WORDS = "const let return function import export from await async for while throw new class extends this".split(
  " ",
);

/**
 * A repository of 2,000 files in 280 directories, some 3 KB each, and 5,000 commits of two changed files, as `git fast-import`
 * reads it. Always the same: what is measured must not depend on chance.
 */
export function generateHistory(): string {
  const random = generator(7);
  const words = (count: number): string => Array.from({ length: count }, () => word(random)).join(" ");
  const files = Array.from({ length: FILES }, () => Array.from({ length: 8 + random(70) }, () => words(8)));
  const parts = [header(0, "Begin")];
  for (const [index, lines] of files.entries()) parts.push(file(index, lines));
  for (let commit = 1; commit < COMMITS; commit += 1) {
    parts.push(header(commit, `Change ${commit}`));
    for (let change = 0; change < CHANGES; change += 1) {
      const index = random(FILES);
      const lines = files[index] as string[];
      lines[random(lines.length)] = words(8);
      parts.push(file(index, lines));
    }
  }
  return parts.join("");
}

function header(commit: number, message: string): string {
  const when = 1_700_000_000 + commit * 60;
  return `commit refs/heads/main\ncommitter Bench <bench@example.test> ${when} +0000\ndata ${message.length}\n${message}\n`;
}

function file(index: number, lines: readonly string[]): string {
  const text = `${lines.join("\n")}\n`;
  return `M 100644 inline src/m${index % 40}/d${index % 7}/file${index}.ts\ndata ${text.length}\n${text}\n`;
}

function word(random: (below: number) => number): string {
  return `${WORDS[random(WORDS.length)]}${random(100)}`;
}

/** The next number below a bound, the same sequence each time. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}
