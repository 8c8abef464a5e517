import { LanguageDescription, type LanguageSupport } from "@codemirror/language";
import { languages } from "@codemirror/language-data";
import { baseOf } from "../../file-paths.ts";

/** Names that say what they are, though not by their ending. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/^(?:\.bash.*|\.zsh.*|\.profile|\.envrc|.*\.(?:bats|zsh))$/, "Shell"],
  [/^(?:.*\.jsonc|\.swcrc|\.babelrc|tsconfig.*\.json)$/, "JavaScript"],
  [/^.*\.(?:mts|cts)$/, "TypeScript"],
  [/^(?:Dockerfile\..*|Containerfile)$/, "Dockerfile"],
  [/^(?:Cargo\.lock|uv\.lock|poetry\.lock|Pipfile)$/, "TOML"],
  [/^(?:\.env\.example|\.editorconfig|\.gitconfig|\.npmrc)$/, "Properties files"],
];

/** The language of a file by its name, loaded when it is first needed; undefined for plain text. */
export async function languageOf(path: string): Promise<LanguageSupport | undefined> {
  const name = baseOf(path);
  const alias = ALIASES.find(([pattern]) => pattern.test(name))?.[1];
  const found =
    alias === undefined
      ? LanguageDescription.matchFilename(languages, name)
      : languages.find((language) => language.name === alias);
  return found?.load();
}
