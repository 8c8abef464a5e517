import { Sparkles } from "lucide-react";
import { useCodeActions } from "../../components/code-actions-context.ts";
import { CodeActionItems } from "../../components/code-actions.tsx";
import { Button } from "../../components/ui/button.tsx";
import { DropdownMenu, DropdownMenuContent, DropdownMenuTrigger } from "../../components/ui/dropdown-menu.tsx";
import type { Selected } from "../../components/code/code-editor.tsx";

/** Of a longer selection its lines are what is asked about. */
const LONGEST_SELECTION = 100_000;

interface AskAboutTextProps {
  path: string;
  selected: Selected | undefined;
  /** Whether the worker has another text than the page. */
  unsaved: boolean;
}

/** What a coding tool can be asked about the file, or about what is selected of it. */
export function AskAboutText({ path, selected, unsaved }: AskAboutTextProps) {
  const ask = useCodeActions();
  if (ask === undefined) return null;
  const { about, label } = wordsOf(path, selected);
  const lines = selected === undefined ? undefined : { from: selected.from, to: selected.to };
  // What is not saved is only here.
  const own = selected !== undefined && unsaved && selected.text.length <= LONGEST_SELECTION;
  const context = {
    path,
    ...(lines === undefined ? {} : { lines }),
    ...(own ? { selection: selected.text } : {}),
  };
  return (
    <DropdownMenu modal={false}>
      <DropdownMenuTrigger asChild>
        <Button
          size="small"
          variant={selected === undefined ? "ghost" : "secondary"}
          aria-label={`Ask a coding tool about ${about}`}
        >
          <Sparkles aria-hidden />
          <span className={selected === undefined ? "max-sm:hidden" : undefined}>{label}</span>
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <CodeActionItems ask={ask} about={about} context={context} />
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function wordsOf(path: string, selected: Selected | undefined): { about: string; label: string } {
  if (selected === undefined) return { about: path, label: "Ask" };
  const { from, to } = selected;
  const which = from === to ? `line ${from}` : `lines ${from} to ${to}`;
  return {
    about: `${path}, ${which}`,
    label: from === to ? `Ask about line ${from}` : `Ask about lines ${from}–${to}`,
  };
}
