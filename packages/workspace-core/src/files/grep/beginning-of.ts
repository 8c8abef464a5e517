/** What a program says, as far as it is of use; the rest is read, so that nothing waits. */
export async function beginningOf(source: AsyncIterable<Uint8Array>, longest: number): Promise<string> {
  const decoder = new TextDecoder();
  let said = "";
  for await (const chunk of source) if (said.length < longest) said += decoder.decode(chunk, { stream: true });
  return said;
}
