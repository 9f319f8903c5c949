/** HTTP status of an engine's answer that was an error; undefined where there was no answer. */
export function statusCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}

export function isMissing(error: unknown): boolean {
  return statusCode(error) === 404;
}

/**
 * Whether the error says that there is nothing to kill or to remove any more: no such container (404), not running or
 * being removed already (409; podman answers 500 for some of these, with its state in the message).
 */
export function hasEnded(error: unknown): boolean {
  const status = statusCode(error);
  if (status === 404 || status === 409) return true;
  return (
    status === 500 && /not running|state improper|no such container|already (?:stopped|removed)/i.test(String(error))
  );
}

/** Runs `action`; an error that `expected` knows is as good as success. */
export async function ignoring(expected: (error: unknown) => boolean, action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!expected(error)) throw error;
  }
}
