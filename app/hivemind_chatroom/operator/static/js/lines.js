/** The body of an answer, read line by line as it comes. */

/**
 * Yields each line without its end, and what is behind the last end if there is anything.
 *
 * @param {Response} response
 * @returns {AsyncGenerator<string, void, void>}
 */
export async function* linesOf(response) {
  const reader = response.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
      if (done) break;
    }
    if (rest) yield rest;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
