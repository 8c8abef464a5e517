import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export const buttonVariants = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors select-none disabled:cursor-not-allowed disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-accent text-on-accent hover:bg-accent-hover",
        secondary: "border border-line bg-surface text-ink hover:bg-raised",
        ghost: "text-muted hover:bg-raised hover:text-ink",
        pressed: "bg-accent-soft text-accent",
        danger: "bg-bad text-on-accent hover:bg-bad-hover",
      },
      size: {
        medium: "h-9 px-3.5 text-sm pointer-coarse:h-11",
        small: "h-8 px-2.5 text-[0.8125rem] pointer-coarse:h-10",
        icon: "size-9 pointer-coarse:size-11",
        iconSmall: "size-8 pointer-coarse:size-10",
      },
    },
    defaultVariants: { variant: "secondary", size: "medium" },
  },
);

type ButtonProps = ComponentProps<"button"> & VariantProps<typeof buttonVariants> & { busy?: boolean };

/** A button; while `busy` it shows so and cannot be pressed again. */
export function Button({ className, variant, size, busy = false, disabled, children, type, ...props }: ButtonProps) {
  return (
    <button
      type={type === "submit" ? "submit" : "button"}
      className={cn(buttonVariants({ variant, size }), className)}
      disabled={disabled === true || busy}
      aria-busy={busy}
      {...props}
    >
      {busy && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  );
}
