/** The message of what a deed throws; null when it went well. */
export async function attempt(deed: () => Promise<unknown>): Promise<string | null> {
  try {
    await deed();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
