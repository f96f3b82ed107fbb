/** Whether a media type is one of the binary ones of the API; `*` stands for any part. */
export function createBinaryTest(binaryTypes: readonly string[]): (mediaType: string | undefined) => boolean {
  return (mediaType) => {
    const bare = mediaType?.split(/[;,]/)[0]?.trim().toLowerCase() ?? '';
    return binaryTypes.some((type) => {
      if (type === '*/*') return true;
      const [group] = type.split('/');
      return type.endsWith('/*') ? bare.startsWith(`${group}/`) : bare === type.toLowerCase();
    });
  };
}
