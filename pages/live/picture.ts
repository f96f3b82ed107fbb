import { FRAME_HEADER_BYTES } from '../../core/domain/cast-messages.ts';
import { elements } from './elements.ts';

const { picture, stage } = elements;
const context = picture.getContext('2d', { alpha: false });

/** What the picture shows, in CSS pixels of the page. */
let shown = { width: 0, height: 0 };

/** Draws a picture as it came; resolves with its number. */
export async function drawFrame(message: ArrayBuffer): Promise<number> {
  const header = new DataView(message);
  const number = header.getUint32(0);
  const bitmap = await createImageBitmap(
    new Blob([message.slice(FRAME_HEADER_BYTES)], { type: 'image/jpeg' }),
  );
  const isNewSize = picture.width !== bitmap.width || picture.height !== bitmap.height;
  if (isNewSize) Object.assign(picture, { width: bitmap.width, height: bitmap.height });
  context?.drawImage(bitmap, 0, 0);
  bitmap.close();
  shown = { width: header.getUint16(4), height: header.getUint16(6) };
  document.body.dataset.hasPicture = '';
  if (isNewSize) fit();
  return number;
}

/** As large as the window lets it be, and never another shape: the page is not resized for who watches. */
function fit(): void {
  if (picture.width === 0) return;
  const scale = Math.min(stage.clientWidth / picture.width, stage.clientHeight / picture.height);
  const limited = Math.min(scale, 2);
  picture.style.width = `${Math.floor(picture.width * limited)}px`;
  picture.style.height = `${Math.floor(picture.height * limited)}px`;
}
new ResizeObserver(fit).observe(stage);

/** A point of the window as one of the page. */
export function toPage({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }) {
  const box = picture.getBoundingClientRect();
  const within = (value: number, max: number) => Math.max(0, Math.min(max - 1, value));
  return {
    x: within(((clientX - box.left) / box.width) * shown.width, shown.width),
    y: within(((clientY - box.top) / box.height) * shown.height, shown.height),
  };
}

/** A length of the page as one of the window. */
export function pageScale(): number {
  return shown.width === 0 ? 1 : picture.getBoundingClientRect().width / shown.width;
}

/** A rectangle of the page within the stage. */
export function toStage({ x, y }: { readonly x: number; readonly y: number }) {
  const box = picture.getBoundingClientRect();
  const outer = stage.getBoundingClientRect();
  return { left: box.left - outer.left + x * pageScale(), top: box.top - outer.top + y * pageScale() };
}
