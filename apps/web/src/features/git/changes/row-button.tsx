import type { ReactNode } from "react";
import { Button } from "../../../components/ui/button.tsx";
import { useGitPanel } from "../use-git.ts";
import type { RowPlace } from "./row-place.ts";

interface RowButtonProps extends Pick<RowPlace, "tabbable" | "onFocus"> {
  /** For those who do not see which row it stands in. */
  label: string;
  title: string;
  press: () => unknown;
  children: ReactNode;
}

/** At the end of a row: one thing that can be done to it. */
export function RowButton({ tabbable, onFocus, label, title, press, children }: RowButtonProps) {
  const { busy } = useGitPanel();
  return (
    <Button
      variant="ghost"
      size="iconSmall"
      tabIndex={tabbable ? 0 : -1}
      disabled={busy !== undefined}
      aria-label={label}
      onFocus={onFocus}
      title={title}
      onClick={() => void press()}
    >
      {children}
    </Button>
  );
}
