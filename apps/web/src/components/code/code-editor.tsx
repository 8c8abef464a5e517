import { indentWithTab } from "@codemirror/commands";
import { Compartment, EditorState, Text, type Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { basicSetup } from "codemirror";
import { useEffect, useEffectEvent, useRef } from "react";
import { visible } from "../visible.ts";
import { codeTheme } from "./code-theme.ts";
import { languageOf } from "./code-language.ts";
import { lineEndOf } from "./line-ends.ts";
import { baseOf } from "../../file-paths.ts";

interface CodeEditorProps {
  path: string;
  /** What it shows; another text replaces what was there, undo included. */
  text: string;
  readOnly: boolean;
  /** A line from 1 to begin at. */
  line: number | undefined;
  /** Changes each time that the focus is to go into it. */
  entered: number | undefined;
  wrap: boolean;
  onChange: (text: string) => void;
  /** What is selected has become another; undefined where nothing is. */
  onSelect: (selected: Selected | undefined) => void;
}

/** Lines from 1, and the text of a selection. */
export interface Selected {
  from: number;
  to: number;
  text: string;
}

/** One file's text to read or to edit. */
export default function CodeEditor({ path, text, readOnly, line, entered, wrap, onChange, onSelect }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const shown = useRef(text);
  const settings = useRef({
    language: new Compartment(),
    editing: new Compartment(),
    wrapping: new Compartment(),
    lineEnds: new Compartment(),
  });
  const changed = useEffectEvent((changedText: string) => {
    shown.current = changedText;
    onChange(changedText);
  });
  const selected = useEffectEvent(({ selection, doc }: EditorState) => {
    const { from, to, empty } = selection.main;
    // A last line of which nothing is selected is not meant.
    const last = doc.lineAt(Math.max(from, to > from && doc.lineAt(to).from === to ? to - 1 : to));
    onSelect(empty ? undefined : { from: doc.lineAt(from).number, to: last.number, text: doc.sliceString(from, to) });
  });
  const begin = useEffectEvent(() => {
    shown.current = text;
    const { language, editing, wrapping, lineEnds } = settings.current;
    return EditorState.create({
      doc: text,
      extensions: [
        lineEnds.of(EditorState.lineSeparator.of(lineEndOf(text))),
        basicSetup,
        // Escape, then Tab, leaves the editor.
        keymap.of([indentWithTab]),
        codeTheme,
        EditorView.contentAttributes.of({ "aria-label": `Text of ${visible(baseOf(path))}` }),
        language.of([]),
        editing.of(editable(readOnly)),
        wrapping.of(wrap ? EditorView.lineWrapping : []),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.sliceDoc());
          if (update.docChanged || update.selectionSet) selected(update.state);
        }),
      ],
    });
  });
  useEffect(() => {
    if (place.current === null) return undefined;
    const editor = new EditorView({ state: begin(), parent: place.current });
    const { language } = settings.current;
    view.current = editor;
    let left = false;
    void languageOf(path).then(
      (support) => {
        if (!left && support !== undefined) editor.dispatch({ effects: language.reconfigure(support) });
      },
      // Without its language a text is still a text.
      () => undefined,
    );
    return () => {
      left = true;
      view.current = undefined;
      editor.destroy();
    };
  }, [path]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || text === shown.current) return;
    shown.current = text;
    const { scrollTop } = editor.scrollDOM;
    // Somebody may have changed its line ends too.
    const lineEnd = lineEndOf(text);
    const insert = Text.of(text.split(lineEnd));
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert },
      selection: { anchor: Math.min(editor.state.selection.main.head, insert.length) },
      effects: settings.current.lineEnds.reconfigure(EditorState.lineSeparator.of(lineEnd)),
    });
    editor.scrollDOM.scrollTop = scrollTop;
  }, [text]);

  useEffect(() => {
    view.current?.dispatch({ effects: settings.current.editing.reconfigure(editable(readOnly)) });
  }, [readOnly]);

  useEffect(() => {
    view.current?.dispatch({
      effects: settings.current.wrapping.reconfigure(wrap ? EditorView.lineWrapping : []),
    });
  }, [wrap]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || line === undefined) return;
    const { from, to } = editor.state.doc.line(Math.max(1, Math.min(line, editor.state.doc.lines)));
    editor.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
  }, [line]);

  useEffect(() => {
    if (entered !== undefined) view.current?.focus();
  }, [entered]);

  return <div ref={place} className="min-h-0 flex-1 overflow-hidden" />;
}

function editable(readOnly: boolean): Extension {
  // Still focusable, so that the keyboard can scroll and select.
  return readOnly ? [EditorState.readOnly.of(true), EditorView.editable.of(false), focusable] : [];
}

const focusable = EditorView.contentAttributes.of({ tabindex: "0" });
