import { Check, Copy, X } from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { copyText } from "../copy-text.ts";
import { Button } from "./button.tsx";

interface CopyButtonProps {
  text: string;
  /** What is copied, for who does not see it: "Copy command". */
  label: string;
  /** Shown beside the icon; the icon alone where absent. */
  children?: ReactNode;
}

const SHOWN_MS = 2_000;

/** Copies a text, and says whether that went well. */
export function CopyButton({ text, label, children }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<"copied" | "refused">();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const said = { copied: "Copied", refused: "The browser did not let it be copied" };
  return (
    <Button
      variant="ghost"
      size={children === undefined ? "iconSmall" : "small"}
      aria-label={outcome === undefined ? label : said[outcome]}
      title={outcome === undefined ? label : said[outcome]}
      onClick={() => void copyText(text).then((copied) => setOutcome(copied ? "copied" : "refused"))}
    >
      {outcome === "copied" ? (
        <Check aria-hidden className="text-good" />
      ) : outcome === "refused" ? (
        <X aria-hidden className="text-bad" />
      ) : (
        <Copy aria-hidden />
      )}
      {children}
    </Button>
  );
}
