/**
 * Whether a conditional write to DynamoDB took place: false when its condition did not hold, which is an answer and no
 * failure. Other errors go on.
 */
export async function conditionalWrite(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}
