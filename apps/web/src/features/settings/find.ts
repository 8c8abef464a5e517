import type { SettingsSection } from "./sections.ts";

export interface Found {
  section: SettingsSection;
  /** What of it was looked for, where that was not the section as a whole. */
  matches: readonly string[];
}

/** The sections in which every word of `text` begins a word of what they are, or of what can be set in them. */
export function findSettings(sections: readonly SettingsSection[], text: string): readonly Found[] {
  const asked = wordsOf(text);
  return sections.flatMap((section) => {
    const { label, about, finds } = section;
    const own = wordsOf(`${label} ${about}`);
    const all = [...own, ...finds.flatMap(wordsOf)];
    if (!asked.every((word) => begins(all, word))) return [];
    const others = asked.filter((word) => !begins(wordsOf(label), word));
    const matches =
      others.length === 0 ? [] : finds.filter((find) => others.some((word) => begins(wordsOf(find), word)));
    return [{ section, matches }];
  });
}

/** `post-start` is one word and two; `GITHUB_TOKEN` as well. */
function wordsOf(text: string): readonly string[] {
  const whole = text.toLowerCase().split(/[^\p{L}\p{N}_.-]+/u);
  return [...new Set([...whole, ...whole.flatMap((word) => word.split(/[_.-]+/))])].filter((word) => word !== "");
}

function begins(words: readonly string[], start: string): boolean {
  return words.some((word) => word.startsWith(start));
}
