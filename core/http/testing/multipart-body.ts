/** A body as clients send it with one file, and its content-type. */
export async function multipartBody(
  parts: Readonly<Record<string, string | File>>,
): Promise<{ readonly bytes: Buffer; readonly contentType: string }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) form.append(name, value);
  const response = new Response(form);
  const contentType = response.headers.get('content-type') ?? '';
  return { bytes: Buffer.from(await response.arrayBuffer()), contentType };
}
