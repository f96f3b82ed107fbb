/** The elements of the page, by their ids: all are in its HTML. */
function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`The page has no #${id}`);
  return element;
}

export const elements = {
  bar: byId('bar', HTMLElement),
  tabs: byId('tabs', HTMLDivElement),
  address: byId('address', HTMLFormElement),
  back: byId('back', HTMLButtonElement),
  forward: byId('forward', HTMLButtonElement),
  reload: byId('reload', HTMLButtonElement),
  url: byId('url', HTMLInputElement),
  mode: byId('mode', HTMLElement),
  stage: byId('stage', HTMLElement),
  picture: byId('picture', HTMLCanvasElement),
  keys: byId('keys', HTMLTextAreaElement),
  noticeTitle: byId('notice-title', HTMLElement),
  noticeText: byId('notice-text', HTMLElement),
  again: byId('again', HTMLButtonElement),
  toast: byId('toast', HTMLElement),
  picker: byId('picker', HTMLFormElement),
  dialog: byId('dialog', HTMLDialogElement),
  dialogText: byId('dialog-text', HTMLElement),
  dialogInput: byId('dialog-input', HTMLInputElement),
  dialogCancel: byId('dialog-cancel', HTMLButtonElement),
  dialogOk: byId('dialog-ok', HTMLButtonElement),
  files: byId('files', HTMLDialogElement),
  filesTitle: byId('files-title', HTMLElement),
  filesText: byId('files-text', HTMLElement),
  filesInput: byId('files-input', HTMLInputElement),
  filesProgress: byId('files-progress', HTMLProgressElement),
  filesCancel: byId('files-cancel', HTMLButtonElement),
  filesChoose: byId('files-choose', HTMLButtonElement),
};
