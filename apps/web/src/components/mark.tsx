/** The mark: a w drawn like a prompt, with its cursor. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden focusable="false">
      <rect width="32" height="32" rx="8" className="fill-[#0f6b78]" />
      <path
        d="M6.5 11.5 10 20.5 13.5 13 17 20.5 20.5 11.5"
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M22 21.5h4" stroke="#ffd9a0" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  );
}
