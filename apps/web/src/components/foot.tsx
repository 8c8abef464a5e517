/** What does the same on the command line. */
export function Foot({ commands }: { commands: readonly string[] }) {
  return (
    <p className="mt-8 text-[0.8125rem] text-muted">
      On the command line:{" "}
      {commands.map((command, at) => (
        <span key={command}>
          {at > 0 && ", "}
          <code className="font-mono">{command}</code>
        </span>
      ))}
    </p>
  );
}
