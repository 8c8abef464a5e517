import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The page's colours, which follow its theme by themselves. */
export const codeTheme: Extension = [
  EditorView.theme({
    "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--terminal)", fontSize: "0.8125rem" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.6" },
    ".cm-content": { caretColor: "var(--accent)", padding: "0.5rem 0" },
    ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
    ".cm-gutters": { color: "var(--muted)", backgroundColor: "var(--terminal)", border: "none" },
    ".cm-activeLine": { backgroundColor: "color-mix(in oklab, var(--raised) 55%, transparent)" },
    ".cm-activeLineGutter": { color: "var(--ink)", backgroundColor: "transparent" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      backgroundColor: "color-mix(in oklab, var(--accent) 26%, transparent)",
    },
    ".cm-selectionMatch": { backgroundColor: "color-mix(in oklab, var(--accent) 16%, transparent)" },
    "&.cm-focused .cm-matchingBracket": {
      color: "inherit",
      backgroundColor: "color-mix(in oklab, var(--accent) 26%, transparent)",
    },
    ".cm-searchMatch": { backgroundColor: "color-mix(in oklab, var(--warn) 24%, transparent)" },
    ".cm-searchMatch-selected": { backgroundColor: "color-mix(in oklab, var(--warn) 45%, transparent)" },
    ".cm-foldPlaceholder": { color: "var(--muted)", backgroundColor: "var(--raised)", border: "none" },
    ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--surface)" },
    ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
    ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
    ".cm-panel.cm-search": { padding: "0.5rem 0.75rem", fontFamily: "var(--font-sans)" },
    ".cm-panel.cm-search label": { fontSize: "0.8125rem" },
    ".cm-textfield": {
      color: "var(--ink)",
      backgroundColor: "var(--ground)",
      border: "1px solid var(--line-strong)",
      borderRadius: "0.375rem",
      fontSize: "0.8125rem",
    },
    ".cm-button": {
      color: "var(--ink)",
      backgroundColor: "var(--surface)",
      backgroundImage: "none",
      border: "1px solid var(--line)",
      borderRadius: "0.375rem",
      fontSize: "0.8125rem",
    },
    ".cm-panel.cm-search [name=close]": { color: "var(--muted)" },
    ".cm-tooltip": {
      color: "var(--ink)",
      backgroundColor: "var(--surface)",
      border: "1px solid var(--line)",
      borderRadius: "0.5rem",
    },
    ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
      color: "var(--on-accent)",
      backgroundColor: "var(--accent)",
    },
    ".cm-specialChar": { color: "var(--bad)" },
    ".cm-changedLine, .cm-changedLineGutter": { backgroundColor: "var(--good-soft) !important" },
    ".cm-deletedChunk, &.cm-merge-a .cm-changedLine, &.cm-merge-a .cm-changedLineGutter": {
      backgroundColor: "var(--bad-soft) !important",
    },
    ".cm-deletedChunk .cm-chunkButtons": { insetInlineEnd: "0.5rem" },
    ".cm-chunkButtons button": {
      color: "var(--ink)",
      backgroundColor: "var(--surface)",
      border: "1px solid var(--line)",
      borderRadius: "0.375rem",
      padding: "0 0.5rem",
      marginInlineStart: "0.25rem",
      fontFamily: "var(--font-sans)",
      fontSize: "0.75rem",
      cursor: "pointer",
    },
    ".cm-collapsedLines": { color: "var(--muted)", background: "var(--raised)", padding: "0.125rem 0.75rem" },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: "var(--code-keyword)" },
      { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: "var(--code-string)" },
      { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
      { tag: [tags.comment, tags.meta], color: "var(--code-comment)" },
      { tag: [tags.typeName, tags.className, tags.namespace, tags.tagName], color: "var(--code-type)" },
      {
        tag: [
          tags.function(tags.variableName),
          tags.function(tags.propertyName),
          tags.definition(tags.function(tags.variableName)),
          tags.labelName,
        ],
        color: "var(--code-function)",
      },
      { tag: [tags.propertyName, tags.attributeName], color: "var(--code-property)" },
      { tag: tags.heading, color: "var(--code-keyword)", fontWeight: "600" },
      { tag: tags.strong, fontWeight: "600" },
      { tag: tags.emphasis, fontStyle: "italic" },
      { tag: [tags.link, tags.url], color: "var(--accent)", textDecoration: "underline" },
      { tag: tags.strikethrough, textDecoration: "line-through" },
      { tag: tags.invalid, color: "var(--bad)" },
    ]),
  ),
];
