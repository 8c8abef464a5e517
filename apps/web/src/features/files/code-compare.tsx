import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState, Text } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { basicSetup } from "codemirror";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { cn } from "../../components/ui/cn.ts";
import { codeTheme } from "../../components/code/code-theme.ts";
import { languageOf } from "../../components/code/code-language.ts";
import { lineEndOf } from "../../components/code/line-ends.ts";

interface CodeCompareProps {
  path: string;
  mine: string;
  theirs: string;
  /** Mine can be edited meanwhile, and pieces of theirs taken over. */
  onChange: (text: string) => void;
}

/** Of the window; below it two texts beside each other are too narrow to read. */
const WIDE = 1100;

/** What is in the workspace now against what was edited: beside each other where there is room, otherwise in one. */
export default function CodeCompare({ path, mine, theirs, onChange }: CodeCompareProps) {
  const place = useRef<HTMLDivElement>(null);
  const [wide] = useState(() => window.innerWidth >= WIDE);
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
        const linesOf = (of: string) => Text.of(of.split(lineEndOf(of)));
        const ends = (of: string) => EditorState.lineSeparator.of(lineEndOf(of));
        const common = [basicSetup, codeTheme, EditorView.lineWrapping, ...(language === undefined ? [] : [language])];
        const editing = EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.sliceDoc());
        });
        const label = (label: string) => EditorView.contentAttributes.of({ "aria-label": label });
        if (wide) {
          const view = new MergeView({
            a: {
              doc: linesOf(theirs),
              extensions: [ends(theirs), common, label("Theirs"), EditorState.readOnly.of(true)],
            },
            b: { doc: linesOf(text), extensions: [ends(text), common, label("Mine"), editing] },
            parent,
            revertControls: "a-to-b",
            collapseUnchanged: { margin: 3, minSize: 8 },
          });
          end = () => view.destroy();
        } else {
          const view = new EditorView({
            doc: linesOf(text),
            extensions: [
              ends(text),
              common,
              label("Mine against theirs"),
              editing,
              unifiedMergeView({ original: linesOf(theirs), mergeControls: choice }),
            ],
            parent,
          });
          end = () => view.destroy();
        }
      });
    return () => {
      left = true;
      end();
    };
  }, [path, theirs, wide]);

  return (
    <>
      <p className="flex shrink-0 border-b border-line bg-surface text-xs text-muted">
        <span className={cn("px-4 py-1", wide && "flex-1")}>
          <span className="mr-1.5 inline-block size-2 rounded-full bg-bad" aria-hidden />
          In the workspace now
        </span>
        <span className={cn("px-4 py-1", wide && "flex-1")}>
          <span className="mr-1.5 inline-block size-2 rounded-full bg-good" aria-hidden />
          Mine
        </span>
      </p>
      <div ref={place} className="min-h-0 flex-1 overflow-auto" />
    </>
  );
}

/** Settles one piece: mine stays, or theirs takes its place. */
function choice(type: "reject" | "accept", act: (event: MouseEvent) => void): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = type === "accept" ? "Mine" : "Theirs";
  button.addEventListener("click", act);
  return button;
}
