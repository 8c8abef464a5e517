import { OctagonAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./ui/cn.ts";

const tones = {
  warn: { box: "border-warn/35 bg-warn-soft", icon: "text-warn", Icon: TriangleAlert },
  bad: { box: "border-bad/35 bg-bad-soft", icon: "text-bad", Icon: OctagonAlert },
};

interface NoticeProps {
  tone: keyof typeof tones;
  title: ReactNode;
  children?: ReactNode;
  /** Announced at once by a screen reader. */
  urgent?: boolean;
  className?: string;
}

/** A message in the flow of the page. */
export function Notice({ tone, title, children, urgent = false, className }: NoticeProps) {
  const { box, icon, Icon } = tones[tone];
  return (
    <div
      role={urgent ? "alert" : "status"}
      className={cn("flex gap-3 rounded-xl border p-3.5 text-sm", box, className)}
    >
      <Icon className={cn("mt-0.5 size-4.5 shrink-0", icon)} aria-hidden />
      <div className="min-w-0 flex-1">
        <p className={cn("text-ink", children !== undefined && "font-semibold")}>{title}</p>
        {children}
      </div>
    </div>
  );
}
