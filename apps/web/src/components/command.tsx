import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./ui/button.tsx";

/** A command to type, with a button that copies it. */
export function Command({ children }: { children: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(children);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div className="flex items-center gap-1 rounded-lg border border-line bg-ground py-1 pr-1 pl-3 text-left">
      <code className="min-w-0 flex-1 font-mono text-[0.8125rem] break-words text-ink">
        <span className="text-muted select-none" aria-hidden>
          ${" "}
        </span>
        {children}
      </code>
      {/* Outside a secure context there is no clipboard to write to. */}
      {window.isSecureContext && (
        <Button
          variant="ghost"
          size="iconSmall"
          aria-label={copied ? "Copied" : "Copy command"}
          onClick={() => void copy()}
        >
          {copied ? <Check aria-hidden className="text-good" /> : <Copy aria-hidden />}
        </Button>
      )}
    </div>
  );
}
