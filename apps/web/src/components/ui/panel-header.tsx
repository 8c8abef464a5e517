import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";

interface PanelHeaderProps {
  title: ReactNode;
  description: ReactNode;
  className: string;
  /** Of the description. */
  descriptionClassName?: string;
}

/** What a panel is for, and the way out of it. */
export function PanelHeader({ title, description, className, descriptionClassName }: PanelHeaderProps) {
  return (
    <div className={cn("flex items-start justify-between gap-4 px-5", className)}>
      <div className="min-w-0">
        <Radix.Title className="text-lg font-semibold text-ink">{title}</Radix.Title>
        <Radix.Description className={cn("mt-0.5 text-sm text-muted", descriptionClassName)}>
          {description}
        </Radix.Description>
      </div>
      <Radix.Close asChild>
        <Button variant="ghost" size="icon" className="-mt-1 -mr-2" aria-label="Close">
          <X aria-hidden />
        </Button>
      </Radix.Close>
    </div>
  );
}
