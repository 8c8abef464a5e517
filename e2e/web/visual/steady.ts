import type { BrowserContext } from "@playwright/test";

/** The page's clock stands here: whatever the worker did since is "just now". */
export const NOW = new Date("2026-03-02T10:00:00Z");

/** In place of what is another thing in each run and on each machine. */
const SAME: readonly (readonly [RegExp, string])[] = [
  [/127\.0\.0\.1:\d+/g, "127.0.0.1:7391"],
  [/\b(tok|ws|task|attempts)-[0-9a-z]{12}\b/g, "$1-000000000000"],
  [/\b\d{4}-\d\d-\d\d\b/g, "2026-03-02"],
  [/\b\d\d:\d\d:\d\d\b/g, "10:00:00"],
  [/\d{1,2}\/\d{1,2}\/\d{4}, \d{1,2}:\d\d:\d\d [AP]M/g, "3/2/2026, 10:00:00 AM"],
  [/^\d+ s ago$/, "just now"],
  [/-?\d+(?:\.\d+)? (?:ms|s|min|h|d)(?: \d+ (?:s|min))?(?= left| so far|$|\.$)/g, "1.2 s"],
  [/\d+\.\d\d s/g, "0.12 s"],
  [/\d+(?:\.\d+)? (?:B|[KMG]iB)\b/g, "12 MiB"],
];

const REMARKS = ["The network is this machine's own.", "Limits of processor, memory and processes are not enforced."];

interface Given {
  rules: readonly (readonly [source: string, flags: string, instead: string])[];
  token: string | undefined;
}

/** Makes each page of this context show the same of the same worker, run after run; a token signs it in. */
export async function holdSteady(
  context: BrowserContext,
  { token, words }: { token?: string; words: Readonly<Record<string, string>> },
): Promise<void> {
  const literal = ([word, instead]: [string, string]) =>
    [String.raw`(?<!\w)${word.replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`)}(?!\w)`, "g", instead] as const;
  const rules = [
    ...Object.entries(words).map(literal),
    ...SAME.map(([{ source, flags }, instead]) => [source, flags, instead] as const),
  ];
  await context.clock.setFixedTime(NOW);
  // What there is to know about a worker is different for each user that it may run as.
  await context.route("**/rpc/info*", async (route) => {
    const response = await route.fetch();
    const { json } = (await response.json()) as { json: object };
    await route.fulfill({
      response,
      json: { json: { ...json, version: "1.2.3", isolation: "sandbox", remarks: REMARKS } },
    });
  });
  await context.addInitScript(rewrite, { rules, token } satisfies Given);
}

/** Runs in the page, before all else: a text is replaced in the moment in which it is written, before it is painted. */
function rewrite({ rules, token }: Given): void {
  // A page that is none, as about:blank, has no storage.
  if (location.origin !== "null" && token !== undefined) localStorage.setItem("ws.token", token);
  const expressions = rules.map(([source, flags, instead]) => [new RegExp(source, flags), instead] as const);
  const replace = (text: Text): void => {
    let data = text.data;
    for (const [expression, instead] of expressions) data = data.replace(expression, instead);
    if (data !== text.data) text.data = data;
  };
  const texts = (root: Node): void => {
    if (root instanceof Text) return replace(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) replace(walker.currentNode as Text);
  };
  /** What is used is measured when there was time for it. */
  const figures = (): void => {
    for (const cell of document.querySelectorAll("[data-cell]")) {
      const runs = cell.closest("[role=row]")?.textContent.includes("Running") === true;
      const text = runs ? (cell.getAttribute("data-cell") === "cpu" ? "3 %" : "12 MiB") : "";
      if (cell.textContent !== text) cell.textContent = text;
    }
  };
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      if (target instanceof Text) replace(target);
      for (const node of addedNodes) texts(node);
    }
    figures();
  }).observe(document, { subtree: true, childList: true, characterData: true });
}
