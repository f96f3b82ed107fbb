import type { CastMessage, ViewerMessage } from '../../core/domain/cast-messages.ts';
import { elements } from './elements.ts';
import { putFile } from './put-file.ts';

const {
  files: dialog,
  filesTitle,
  filesText,
  filesInput,
  filesProgress,
  filesCancel,
  filesChoose,
  keys,
} = elements;

type Chooser = Extract<CastMessage, { type: 'chooser' }>;

/** Files go beside the socket: `.../live/<token>/view/<page>` has `.../live/<token>/files/<chooser>/<name>`. */
const FILES_URL = location.href.replace(/[?#].*$/, '').replace(/\/view(\/[\w-]+)?\/?$/, '/files');

/** Asks for the files that the page wants, and sends them. */
export function createFiles(send: (message: ViewerMessage) => void) {
  let chooser: Chooser | undefined;
  let sending = new AbortController();

  function close(): void {
    sending.abort();
    chooser = undefined;
    if (!dialog.open) return;
    dialog.close();
    keys.focus({ preventScroll: true });
  }

  function cancel(): void {
    if (chooser !== undefined) send({ type: 'files', chooserId: chooser.id, fileIds: [] });
    close();
  }

  async function sendChosen(chosen: readonly File[], { id: chooserId }: Chooser): Promise<void> {
    const { signal } = sending;
    filesChoose.disabled = true;
    try {
      send({ type: 'files', chooserId, fileIds: await putAll(chosen, chooserId, signal) });
    } catch (error) {
      if (signal.aborted) return;
      filesText.textContent = (error as Error).message;
      filesChoose.disabled = false;
      filesProgress.hidden = true;
    }
  }

  filesChoose.addEventListener('click', () => filesInput.click());
  filesInput.addEventListener('change', () => {
    const chosen = [...(filesInput.files ?? [])];
    // The same file again is a change, too.
    filesInput.value = '';
    if (chooser !== undefined && chosen.length > 0) void sendChosen(chosen, chooser);
  });
  filesCancel.addEventListener('click', cancel);
  dialog.addEventListener('cancel', (event) => {
    // Its own field says the same when nothing was chosen in it, and that decides nothing.
    if (event.target !== dialog) return;
    event.preventDefault();
    cancel();
  });

  return {
    close,
    show(message: Chooser): void {
      close();
      chooser = message;
      sending = new AbortController();
      describe(message);
      dialog.showModal();
    },
  };
}

function describe({ isMultiple, isFolder, accept }: Chooser): void {
  const what = isFolder ? 'a folder' : isMultiple ? 'files' : 'a file';
  filesTitle.textContent = `The page asks for ${what}`;
  filesText.textContent = isFolder ? 'A folder cannot be sent from here.' : accept && `It takes ${accept}`;
  Object.assign(filesInput, { multiple: isMultiple, accept });
  Object.assign(filesChoose, { hidden: isFolder, disabled: false });
  filesChoose.textContent = isMultiple ? 'Choose files' : 'Choose a file';
  filesProgress.hidden = true;
}

/** One after the other: they share one line, and it is plain which one fails. Resolves with their ids. */
async function putAll(
  chosen: readonly File[],
  chooserId: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const allBytes = chosen.reduce((sum, { size }) => sum + size, 0);
  const fileIds: string[] = [];
  let sentBytes = 0;
  filesProgress.hidden = false;
  for (const file of chosen) {
    filesText.textContent = `Sending ${file.name}`;
    const onProgress = (bytes: number) => {
      filesProgress.value = allBytes === 0 ? 1 : (sentBytes + bytes) / allBytes;
    };
    onProgress(0);
    const url = `${FILES_URL}/${chooserId}/${encodeURIComponent(file.name)}`;
    fileIds.push(await putFile(file, url, { signal, onProgress }));
    sentBytes += file.size;
  }
  return fileIds;
}
