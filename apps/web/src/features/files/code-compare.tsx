import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { basicSetup } from "codemirror";
import { useEffect, useEffectEvent, useRef } from "react";
import { codeTheme } from "./code-theme.ts";
import { languageOf } from "./code-language.ts";
import { lineEndOf } from "./line-ends.ts";

interface CodeCompareProps {
  path: string;
  mine: string;
  theirs: string;
  /** Mine can be edited meanwhile, and pieces of theirs taken over. */
  onChange: (text: string) => void;
}

/** Below it two texts beside each other are too narrow to read. */
const WIDE = 900;

/** What is in the workspace now against what was edited: beside each other where there is room, otherwise in one. */
export default function CodeCompare({ path, mine, theirs, onChange }: CodeCompareProps) {
  const place = useRef<HTMLDivElement>(null);
  const begin = useEffectEvent(() => mine);
  const changed = useEffectEvent(onChange);

  useEffect(() => {
    const parent = place.current;
    if (parent === null) return undefined;
    let left = false;
    let end = () => {};
    void languageOf(path)
      .catch(() => undefined)
      .then((language) => {
        if (left) return;
        const text = begin();
        const common = [
          EditorState.lineSeparator.of(lineEndOf(text)),
          basicSetup,
          codeTheme,
          EditorView.lineWrapping,
          ...(language === undefined ? [] : [language]),
        ];
        const editing = EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.sliceDoc());
        });
        const label = (label: string) => EditorView.contentAttributes.of({ "aria-label": label });
        if (parent.clientWidth >= WIDE) {
          const view = new MergeView({
            a: { doc: theirs, extensions: [common, label("Theirs"), EditorState.readOnly.of(true)] },
            b: { doc: text, extensions: [common, label("Mine"), editing] },
            parent,
            revertControls: "a-to-b",
            collapseUnchanged: { margin: 3, minSize: 8 },
          });
          end = () => view.destroy();
        } else {
          const view = new EditorView({
            doc: text,
            extensions: [common, label("Mine against theirs"), editing, unifiedMergeView({ original: theirs })],
            parent,
          });
          end = () => view.destroy();
        }
      });
    return () => {
      left = true;
      end();
    };
  }, [path, theirs]);

  return (
    <>
      <div className="flex shrink-0 border-b border-line bg-surface text-xs text-muted">
        <span className="flex-1 px-4 py-1">In the workspace now</span>
        <span className="flex-1 px-4 py-1">Mine</span>
      </div>
      <div ref={place} className="min-h-0 flex-1 overflow-auto" />
    </>
  );
}
