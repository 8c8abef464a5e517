/** The worker's name beside the product's. */
export function WorkerName({ name }: { name: string | undefined }) {
  if (name === undefined) return null;
  return (
    <span className="-ml-0.5 truncate border-l border-line pl-2.5 font-mono text-[0.8125rem] text-muted">{name}</span>
  );
}
