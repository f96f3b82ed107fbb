/** Sends a file, and resolves with its id there. `fetch` does not say how far it is. */
export const putFile = (
  file: File,
  url: string,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (sentBytes: number) => void },
): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    request.addEventListener('load', () => {
      const { id, message } = readAnswer(request.responseText);
      if (request.status === 200 && id !== undefined) resolve(id);
      else reject(new Error(`${file.name}: ${message ?? `the answer was ${request.status}`}.`));
    });
    request.addEventListener('error', () => reject(new Error(`${file.name} did not arrive.`)));
    request.addEventListener('abort', () => reject(new Error('Cancelled.')));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.open('PUT', url);
    request.send(file);
  });

function readAnswer(text: string): { readonly id?: string; readonly message?: string } {
  try {
    return JSON.parse(text) as { readonly id?: string; readonly message?: string };
  } catch {
    // Something in between has answered in words of its own.
    return {};
  }
}
